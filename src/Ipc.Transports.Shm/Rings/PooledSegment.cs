namespace Ipc.Transports.Rings;

/// <summary>A segment as its writer knows it. Changed under the writer's lock.</summary>
internal sealed unsafe class PooledSegment(FrameSegment segment)
{
    private ulong _use;
    private ulong _useAtLastLook = ulong.MaxValue; // a new one was never looked at: it came for a frame that is about to be written
    private bool _isHeld;

    /// <summary>The memory.</summary>
    public FrameSegment Segment => segment;

    /// <summary>The longest frame.</summary>
    public int Capacity => segment.Capacity;

    /// <summary>Whether the reader has ended its last use, and nobody here writes into it.</summary>
    public bool IsFree => !Volatile.Read(ref _isHeld) && Volatile.Read(ref segment.Freed) == _use; // acquire: the reader is done with the bytes

    /// <summary>The frame that is written into it.</summary>
    public ReadOnlySpan<byte> Frame(int length) => new(segment.Data, length);

    /// <summary>A frame is going to be written.</summary>
    public void Take() => Volatile.Write(ref _isHeld, true);

    /// <summary>It will not be sent in here.</summary>
    public void GiveBack() => Volatile.Write(ref _isHeld, false);

    /// <summary>It is about to be published.</summary>
    /// <returns>The number of the use.</returns>
    public ulong Use()
    {
        _use++;
        Volatile.Write(ref _isHeld, false);
        return _use;
    }

    /// <summary>Whether it is free and was not used since the last call; false on the first one.</summary>
    public bool WasUnused()
    {
        bool isUnused = _use == _useAtLastLook && IsFree;
        _useAtLastLook = _use;
        return isUnused;
    }
}
