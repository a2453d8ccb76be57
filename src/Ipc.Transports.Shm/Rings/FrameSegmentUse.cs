namespace Ipc.Transports.Rings;

/// <summary>One large frame in its segment, from when its record is read until it is finished. Keeps the memory mapped.</summary>
internal sealed unsafe class FrameSegmentUse(FrameSegmentTable table, FrameSegment segment, int length, ulong number)
{
    /// <summary>The segment.</summary>
    public FrameSegment Segment => segment;

    /// <summary>Number of the use.</summary>
    public ulong Number => number;

    /// <summary>Length of the frame.</summary>
    public int Length => length;

    /// <summary>The frame. Written by another process, which may change it: every number in it is read once.</summary>
    public ReadOnlySpan<byte> Frame => new(segment.Data, length);

    /// <summary>Whether a lease keeps it beyond its delivery.</summary>
    public bool IsKept { get; set; }

    /// <summary>The frame is finished: its writer may use the segment again. Called once.</summary>
    public void Free() => table.End(this, isFinished: true);

    /// <summary>The frame is not finished: it is read again later. Called once.</summary>
    public void PutBack() => table.End(this, isFinished: false);
}
