namespace Ipc.Transports;

/// <summary>A frame that has just arrived, in place. Valid until the receiver returns, or enters user code without <see cref="InboundLane.TryBorrow"/>.</summary>
public readonly ref struct InboundFrame
{
    /// <summary>Made by transports.</summary>
    /// <param name="lane">Where it arrived.</param>
    /// <param name="bytes">The frame.</param>
    /// <param name="token">The lane's own name for it.</param>
    public InboundFrame(InboundLane lane, ReadOnlySpan<byte> bytes, long token)
    {
        Lane = lane;
        Bytes = bytes;
        Token = token;
    }

    /// <summary>Where it arrived.</summary>
    public InboundLane Lane { get; }

    /// <summary>Header, optional parts and body. Written by another process: every number in it is to be checked.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The lane's own name for the frame.</summary>
    public long Token { get; }

    /// <summary>How often the listener of the frame has been started in processes that died over it; 0 unless it is redelivered.</summary>
    public int Deliveries { get; init; }

    /// <summary>Records that the listener is about to start; call before decoding.</summary>
    /// <param name="redeliver">Whether a successor is to run it again, should this process die before the frame is finished. Never for a request: its asker is told at once.</param>
    public void MarkStarted(bool redeliver = false) => Lane.MarkStarted(Token, redeliver);

    /// <summary>Lets the lane go on with later frames while this one waits with a copy of its bytes (not started), or runs (started).</summary>
    /// <param name="keepBytes">Whether the lease must hold a copy of the bytes.</param>
    /// <returns>To be disposed when the frame is finished; a crash before that is accounted for by the transport.</returns>
    public FrameLease Take(bool keepBytes) => Lane.Take(Token, Bytes, keepBytes);
}
