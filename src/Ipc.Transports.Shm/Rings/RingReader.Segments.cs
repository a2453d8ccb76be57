namespace Ipc.Transports.Rings;

/// <content>Large frames, each in a segment of its own: read in place, and kept there while they wait.</content>
internal sealed unsafe partial class RingReader
{
    private readonly FrameSegmentTable _segments;
    private FrameSegmentUse? _use;
    private ulong _largeBytes; // read in this turn

    /// <summary>Segments that this end has.</summary>
    internal int SegmentCount => _segments.Count;

    /// <summary>The supervisor has given memory for large frames of this lane.</summary>
    /// <param name="segment">From now on owned by the lane.</param>
    public void AddSegment(FrameSegment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (_segments.Add(segment))
        {
            _loop.WakeSelf();
        }
    }

    /// <summary>The writer has returned a segment.</summary>
    public void RemoveSegment(uint id) => _segments.Remove(id);

    private DrainResult ReadReference(ReaderThread thread, ReadOnlySpan<byte> record, ulong next)
    {
        (uint id, uint length, ulong number) = FrameReference.Read(record); // once: the writer may change it under our eyes
        if (length > (uint)_loop.Limits.MaxMessageSize)
        {
            return Garbage($"a frame at {_position} says that it has {length} bytes; Ipc:MaxMessageSize allows {_loop.Limits.MaxMessageSize}");
        }

        if (!CanOffer(0))
        {
            return DrainResult.Held;
        }

        if (BeginUse(id, length, number) is { } unusable)
        {
            return unusable;
        }

        _largeBytes += length;
        return Deliver(thread, _use!.Frame, next);
    }

    /// <summary>Makes a frame's segment the one that is read.</summary>
    /// <returns>Nothing, or why it cannot be read.</returns>
    private DrainResult? BeginUse(uint id, uint length, ulong number)
    {
        if (_segments.TryBegin(id, length, number, out _use, out string? error))
        {
            return null;
        }

        if (error is not null)
        {
            return Garbage($"a record at {_position} refers to what is not there: {error}");
        }

        if (_tail != _position)
        {
            PublishTail();
        }

        return DrainResult.Held;
    }

    /// <summary>The frame is finished, or has left the lane: after <c>done</c>, so that a kill in between leaves a use that nobody refers to, never a reference to a use that is over.</summary>
    private void EndUse()
    {
        if (_use is { } use)
        {
            _use = null;
            if (!use.IsKept)
            {
                _loop.Pass(KillPoint.BeforeSegmentFreed);
                use.Free();
            }
        }
    }
}
