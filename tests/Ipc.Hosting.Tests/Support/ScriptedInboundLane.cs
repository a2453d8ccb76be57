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

    public override void Resume() => Resumed++;

    public override void Fault(string reason) => throw new InvalidOperationException(reason);

    public override void EnterUserCode()
    {
    }

    protected override void MarkStarted(long token, bool redeliver)
    {
    }

    protected override FrameLease Take(long token, ReadOnlySpan<byte> bytes, bool keepBytes)
    {
        Interlocked.Increment(ref _openLeases);
        return new Lease(this);
    }

    private sealed class Lease(ScriptedInboundLane lane) : FrameLease
    {
        public override ReadOnlySpan<byte> Bytes => default;

        public override void MarkStarted(bool redeliver)
        {
        }

        protected override void Release() => Interlocked.Decrement(ref lane._openLeases);
    }
}
