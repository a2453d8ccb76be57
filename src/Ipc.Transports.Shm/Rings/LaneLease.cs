namespace Ipc.Transports.Rings;

/// <summary>A lease that counts against its lane's quota.</summary>
internal abstract class LaneLease(RingReader lane, int keptBytes) : FrameLease
{
    private int _isReleased;

    /// <summary>The bytes that count.</summary>
    internal int KeptBytes => keptBytes;

    /// <inheritdoc/>
    protected sealed override void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            Free();
            lane.OnReleased(keptBytes);
        }
    }

    /// <summary>Gives back what the lease holds; called once.</summary>
    protected abstract void Free();
}
