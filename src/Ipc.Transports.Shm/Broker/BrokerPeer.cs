using Ipc.Transports.Lanes;
using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>One row of the broker: the supervisor, a worker id across its incarnations, or a client. Control thread only.</summary>
internal sealed class BrokerPeer
{
    /// <summary>Makes the row of a peer that has not been started.</summary>
    public BrokerPeer(PeerId id) => Id = id;

    /// <summary>The present incarnation, or the last one.</summary>
    public PeerId Id { get; set; }

    /// <summary>Where its lanes' news go; none while no incarnation is connected.</summary>
    public ILaneEnds? Ends { get; set; }

    /// <summary>Whether it said that it is ready.</summary>
    public bool IsReady { get; set; }

    /// <summary>Number of the newest incarnation that was announced; 0 before the first.</summary>
    public int Newest { get; set; }

    /// <summary>Number of the newest incarnation whose end was accounted for; 0 before the first.</summary>
    public int LastEnded { get; set; }

    /// <summary>Whether its inbox was given up: nobody is going to read it.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Whether its present incarnation makes place for another, or for nobody: lanes to it that are asked for now are not for that one.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether the worker id is taken away: it is no target any more, and its inbox is read to the end.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Completed when the incarnation that leaves has read every inbox that ends before it does.</summary>
    public TaskCompletionSource? Emptied { get; set; }

    /// <summary>What it, or its predecessor, listens to.</summary>
    public PeerActions Actions { get; set; } = PeerActions.None;

    /// <summary>What of that it said when it connected; the rest are subscriptions of its run time, which end with it.</summary>
    public PeerActions Greeted { get; set; } = PeerActions.None;

    /// <summary>How often it has replaced these and not been told yet that everybody knows.</summary>
    public int OpenAnnouncements { get; set; }

    /// <summary>The doorbell of the incarnation that reads its rings, or will; none without shared memory.</summary>
    public DoorbellSegment? Doorbell { get; set; }

    /// <summary>What its incarnations have taken and not finished; none without shared memory.</summary>
    public LedgerSegment? Ledger { get; set; }

    /// <summary>Opens that wait for an incarnation: a pipe needs a living reader.</summary>
    public List<PendingOpen> Waiting { get; } = [];

    /// <summary>Of which readers its present incarnation has pipes that have ended, and how many: of each it says once how many messages were lost.</summary>
    public Dictionary<PeerId, int> OwedReports { get; } = [];

    /// <summary>Whom its last incarnation has answered over rings: the next one gets lanes to them before it asks.</summary>
    public IReadOnlyList<PeerId> Answered { get; set; } = [];

    /// <summary>What it has returned of the memory for large frames.</summary>
    public SegmentReturns Returned { get; } = new();

    /// <summary>An action's name, where it listens to it; else the hash.</summary>
    public string NameOf(ulong action) => Actions.Names.FirstOrDefault(n => ActionHash.Compute(n) == action) ?? $"{action:x16}";

    /// <summary>Its row in the directory.</summary>
    public PeerInfo ToInfo() => new(Id, IsReady, Actions, IsGivenUp, IsClosing);

    /// <summary>Whether it may not use shared memory: it is of another user.</summary>
    public bool UsesPipes { get; init; }

    /// <summary>Makes what it needs to use rings, where shared memory is to be had.</summary>
    /// <param name="budget">Where it is taken from.</param>
    /// <param name="isOwner">Whether it is this process.</param>
    public void PrepareRings(SharedMemoryBudget budget, bool isOwner = false)
    {
        if (UsesPipes)
        {
            return;
        }

        Doorbell ??= budget.TryCreate(DoorbellSegment.SegmentLength, () => DoorbellSegment.Create(isOwner));
        if (Doorbell is not null && Ledger is null && Id.Kind != PeerKind.Supervisor)
        {
            Ledger = budget.TryCreate(LedgerSegment.RequiredBytes, LedgerSegment.Create);
            if (Ledger is null)
            {
                ReleaseDoorbell(budget);
            }
        }
    }

    /// <summary>A doorbell belongs to one incarnation: its episodes must not be taken for the next one's.</summary>
    /// <returns>Whether the next one has one.</returns>
    public bool TryRenewDoorbell(SharedMemoryBudget budget)
    {
        if (Doorbell is null)
        {
            return false;
        }

        ReleaseDoorbell(budget);
        PrepareRings(budget);
        return Doorbell is not null;
    }

    /// <summary>Gives back what it used for rings.</summary>
    public void ReleaseRings(SharedMemoryBudget budget)
    {
        ReleaseDoorbell(budget);
        if (Ledger is { } ledger)
        {
            budget.Release(LedgerSegment.RequiredBytes);
            ledger.Dispose();
            Ledger = null;
        }
    }

    private void ReleaseDoorbell(SharedMemoryBudget budget)
    {
        if (Doorbell is { } doorbell)
        {
            budget.Release(DoorbellSegment.SegmentLength);
            doorbell.Dispose();
            Doorbell = null;
        }
    }
}
