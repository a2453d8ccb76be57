using System.Collections.Concurrent;
using Ipc.Transports;

namespace Ipc.Hosting.Tests;

/// <summary>Where a test's frames arrive; counts what was taken and not finished.</summary>
internal sealed class ScriptedInboundLane(PeerId remote, LaneKind kind = LaneKind.Inbox) : InboundLane
{
    private int _openLeases;

    public override PeerId Remote => remote;

    public override LaneKind Kind => kind;

    public int OpenLeases => Volatile.Read(ref _openLeases);

    public int Resumed { get; private set; }

    /// <summary>Whether listeners run inline.</summary>
    public bool RunsInline { get; init; }

    public override bool HandsOver => RunsInline;

    /// <summary>How often the listener of the frames to come was started before.</summary>
    public int Deliveries { get; set; }

    /// <summary>What was said at each start about running the frame again.</summary>
    public ConcurrentQueue<bool> Starts { get; } = new();

    /// <summary>A frame of this lane.</summary>
    public InboundFrame Frame(byte[] bytes, long token) => new(this, bytes, token) { Deliveries = Deliveries };

    public override void Resume() => Resumed++;

    public override void Fault(string reason) => throw new InvalidOperationException(reason);

    public override void EnterUserCode()
    {
    }

    protected override void MarkStarted(long token, bool redeliver) => Starts.Enqueue(redeliver);

    protected override FrameLease Take(long token, ReadOnlySpan<byte> bytes, bool keepBytes)
    {
        Interlocked.Increment(ref _openLeases);
        return new Lease(this, keepBytes ? bytes.ToArray() : []);
    }

    private sealed class Lease(ScriptedInboundLane lane, byte[] bytes) : FrameLease
    {
        public override ReadOnlySpan<byte> Bytes => bytes;

        public override int DeliveryCount => lane.Deliveries + 1;

        public override void MarkStarted(bool redeliver) => lane.Starts.Enqueue(redeliver);

        protected override void Release() => Interlocked.Decrement(ref lane._openLeases);
    }
}
