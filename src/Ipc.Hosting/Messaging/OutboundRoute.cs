using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>A lane to one peer, with what is known about readers of it that have died.</summary>
internal sealed class OutboundRoute(OutboundLane lane)
{
    private long _takenByDead = -1;
    private int _inFlight;

    public OutboundLane Lane { get; } = lane;

    /// <summary>Requests up to this position were taken by an incarnation that is dead.</summary>
    public long TakenByDead => Volatile.Read(ref _takenByDead);

    /// <summary>Requests on this lane that wait for their answers: the load that this process puts on the peer.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public void RequestStarted() => Interlocked.Increment(ref _inFlight);

    public void RequestEnded() => Interlocked.Decrement(ref _inFlight);

    /// <summary>The reader has died.</summary>
    public void ReaderGone(long takenPosition)
    {
        long seen = Volatile.Read(ref _takenByDead);
        while (takenPosition > seen)
        {
            long before = Interlocked.CompareExchange(ref _takenByDead, takenPosition, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
