namespace Ipc.Transports;

/// <summary>A frame that has left its lane but is not finished: it waits for its listener, or runs.</summary>
public abstract class FrameLease : IDisposable
{
    /// <summary>The frame; empty when its bytes were not kept.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Records that the listener is about to start; call before decoding. Not needed for a frame that had started when it was taken.</summary>
    public abstract void MarkStarted();

    /// <summary>The frame is finished.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the lease holds; called once.</summary>
    protected abstract void Release();
}
