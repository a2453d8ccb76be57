namespace Ipc.Transports.Rings;

/// <content>Frames that leave the lane before they are finished.</content>
internal sealed unsafe partial class RingReader
{
    private static PooledLease Lease(long token, ReadOnlySpan<byte> bytes, bool keepBytes)
    {
        _ = token;
        return new PooledLease(keepBytes ? bytes : default);
    }

    private static PooledLease StandIn(ReaderThread late)
    {
        _ = late;
        return new PooledLease(default);
    }
}
