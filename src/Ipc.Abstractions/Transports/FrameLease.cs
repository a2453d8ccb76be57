namespace Ipc.Transports;

/// <summary>A frame that has left its lane but is not finished: it waits for its listener, or runs.</summary>
public abstract class FrameLease : IDisposable
{
    /// <summary>The frame; empty when its bytes were not kept.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How often the frame's listener has been started, this time included, once <see cref="MarkStarted"/> has been called; 1 unless it is redelivered.</summary>
    public virtual int DeliveryCount => 1;

    /// <summary>Records that the listener is about to start; call before decoding. Not needed for a frame that had started when it was taken.</summary>
    /// <param name="redeliver">Whether a successor is to run it again, should this process die before the frame is finished.</param>
    public abstract void MarkStarted(bool redeliver = false);

    /// <summary>The frame is finished.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the lease holds; called once.</summary>
    protected abstract void Release();
}
