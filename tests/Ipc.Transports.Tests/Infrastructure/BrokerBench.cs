using Ipc.Transports.Broker;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A broker without control connections: the test is the control thread, and says when an incarnation connects, loses its connection and ends.</summary>
internal sealed class BrokerBench : IAsyncDisposable
{
    private readonly TransportLimits _limits = new();
    private readonly SharedMemoryBudget _budget;
    private readonly LaneBroker _broker;
    private readonly List<LaneTable> _tables = [];
    private readonly Lock _gate = new();

    public BrokerBench(bool useSharedMemory = true)
    {
        _budget = new SharedMemoryBudget(useSharedMemory, _limits.SharedMemoryLimit, NullLogger.Instance);
        _broker = new LaneBroker(_limits, _budget, Events, NullLogger.Instance);
    }

    /// <summary>What the broker reports.</summary>
    public SupervisorEvents Events { get; } = new();

    /// <summary>Adds a worker id.</summary>
    public BrokerPeer Add(PeerId slot)
    {
        var peer = new BrokerPeer(slot with { Incarnation = 0 });
        _broker.Add(peer);
        peer.PrepareRings(_budget);
        return peer;
    }

    /// <summary>An incarnation connects.</summary>
    public void Connect(BrokerPeer peer, PeerId worker, ILaneEnds ends)
    {
        lock (_gate)
        {
            peer.IsGivenUp = false;
            peer.Newest = worker.Incarnation;
            peer.PrepareRings(_budget);
            peer.Id = worker;
            peer.Ends = ends;
            _broker.Connected(peer);
        }
    }

    /// <summary>An incarnation with real rings connects.</summary>
    public LaneTable Connect(BrokerPeer peer, PeerId worker, ITransportReceiver receiver)
    {
        var table = new LaneTable(worker, _limits, receiver, new Requests(this, peer), NullLogger.Instance);
        _tables.Add(table);
        peer.PrepareRings(_budget);
        table.EnableRings(
            DoorbellSegment.Open(FileDescriptor.Duplicate(peer.Doorbell!.Descriptor).IntoFile(), isOwner: true),
            LedgerSegment.Open(FileDescriptor.Duplicate(peer.Ledger!.Descriptor).IntoFile(), peer.Ledger.Length, worker.Incarnation));
        Connect(peer, worker, (ILaneEnds)table);
        return table;
    }

    /// <summary>Runs on the control thread.</summary>
    public void Run(Action<LaneBroker> action)
    {
        lock (_gate)
        {
            action(_broker);
        }
    }

    /// <summary>Waits until the reader of a peer's rings sleeps.</summary>
    public static async Task WhenParkedAsync(BrokerPeer peer)
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (!IsParked(peer.Doorbell!))
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LaneTable table in _tables)
        {
            await table.DisposeAsync();
        }

        Run(b => b.Dispose());
    }

    private static unsafe bool IsParked(DoorbellSegment doorbell) => Volatile.Read(ref *doorbell.Parked) != 0;

    private sealed class Requests(BrokerBench bench, BrokerPeer peer) : ILaneRequests
    {
        public void Open(uint requestId, PeerId remote, LaneKind kind) => bench.Run(b => b.Open(peer, requestId, remote, kind));

        public void Fault(long laneId, string reason) => bench.Run(b => b.Faulted(peer, laneId, reason));

        public void Ended(long laneId) => bench.Run(b => b.Ended(peer, laneId));

        public void Lost(PeerId worker, long count, string reason) => bench.Run(b => b.Lost(peer, worker, count, reason));

        public void WantSegment(long laneId, int length) => bench.Run(b => b.WantSegment(peer, laneId, length));

        public void ReturnSegment(long laneId, uint id) => bench.Run(b => b.ReturnSegment(peer, laneId, id));
    }
}
