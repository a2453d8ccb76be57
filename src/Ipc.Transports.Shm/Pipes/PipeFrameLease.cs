namespace Ipc.Transports.Pipes;

/// <summary>A frame that left a pipe lane. Its bytes are a copy; a crash loses it, and the writer counts it as unfinished.</summary>
internal sealed class PipeFrameLease : FrameLease
{
    private readonly PipeInboundLane _lane;
    private readonly byte[] _bytes;
    private int _released;

    /// <summary>Made by the lane.</summary>
    public PipeFrameLease(PipeInboundLane lane, byte[] bytes)
    {
        _lane = lane;
        _bytes = bytes;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public override void MarkStarted(bool redeliver)
    {
        // Nobody looks into a dead process's pipe: started or not, an unfinished frame is lost with it.
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _lane.OnFinished();
        }
    }
}
