using System.Collections.Concurrent;

namespace Ipc.Transports.Rings.Tests;

/// <summary>Keeps what a loop reports.</summary>
internal sealed class RecordingObserver : IRingObserver
{
    public ConcurrentQueue<(RingReader Lane, string Reason)> Faults { get; } = new();

    public ConcurrentQueue<RingReader> Drained { get; } = new();

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public ConcurrentQueue<(RingWriter Lane, string Reason)> Broken { get; } = new();

    public ConcurrentQueue<uint> Returned { get; } = new();

    /// <summary>Stands for the supervisor; without it there is no memory for large frames.</summary>
    public Action<RingWriter, int>? SegmentSupply { get; set; }

    public void LaneFaulted(RingReader lane, string reason) => Faults.Enqueue((lane, reason));

    public void LaneDrained(RingReader lane) => Drained.Enqueue(lane);

    public void LaneBroken(RingWriter lane, string reason) => Broken.Enqueue((lane, reason));

    public void SegmentWanted(RingWriter lane, int length)
    {
        if (SegmentSupply is { } supply)
        {
            supply(lane, length);
        }
        else
        {
            lane.RefuseSegment();
        }
    }

    public void SegmentReturned(RingWriter lane, uint id) => Returned.Enqueue(id);

    public void ReceiverFailed(RingReader lane, Exception exception) => Failures.Enqueue(exception);
}
