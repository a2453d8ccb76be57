using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>A frame in an in-memory lane; as a lease, one that has left the queue and is not finished. Guarded by the lane's lock.</summary>
internal sealed class InMemoryFrame : FrameLease
{
    private readonly InMemoryLane _lane;
    private readonly byte[] _bytes;

    /// <summary>Made by the lane.</summary>
    public InMemoryFrame(InMemoryLane lane, byte[] bytes)
    {
        _lane = lane;
        _bytes = bytes;
    }

    /// <summary>Its place in the lane, from 1.</summary>
    public long Position { get; set; }

    /// <summary>Whether its listener has been started.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Who waits for its room in the queue; <see langword="null"/> when it did not have to wait.</summary>
    public TaskCompletionSource<long>? Waiter { get; set; }

    /// <summary>The frame.</summary>
    public byte[] Content => _bytes;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public override void MarkStarted(bool redeliver) => IsStarted = true;

    /// <inheritdoc/>
    protected override void Release() => _lane.Finish(this);
}
