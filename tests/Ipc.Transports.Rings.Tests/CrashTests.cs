using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Tests;

/// <summary>Real processes, killed with SIGKILL: the law is that a frame runs once, or is reported, or runs again when its listener asks for that, and none is lost silently.</summary>
public sealed class CrashTests
{
    public static TheoryData<string, int> KillPointPasses()
    {
        var data = new TheoryData<string, int>();
        foreach (KillPoint point in Enum.GetValues<KillPoint>().Except([.. SenderCrashTests.Points, KillPoint.SegmentFilled])) // those are the writer's
        {
            data.Add(point.ToString(), 1);
            data.Add(point.ToString(), point is KillPoint.Relieving or KillPoint.TakingOver ? 2 : 17);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(KillPointPasses))]
    public async Task A_worker_killed_at_a_named_point_costs_only_what_was_running(string killPoint, int passes)
    {
        // A fifth of the frames is large: in segments, but in pieces where a piece is the point, which leave shared memory before they have started.
        using var inbox = new KilledInbox(segments: killPoint == nameof(KillPoint.PieceRead) ? 0 : 3);
        Task sending = inbox.SendAll(i => i % 5 == 3 ? 10_001 : 64 + (i % 7 * 101));

        // Three generations die at that point, the fourth lives: the third finds what the second left of the first's.
        int atThePoint = 0;
        for (int incarnation = 1; incarnation <= 3; incarnation++)
        {
            using PeerProcess peer = inbox.Start(incarnation, null, $"kill={killPoint}", $"passes={passes}");
            await peer.Ready();
            Assert.NotEqual(Environment.ProcessId, peer.Id);
            await Wait.Until(() => peer.HasExited || inbox.IsDone, "it is killed, or has nothing left", inbox.Describe);
            if (!peer.HasExited)
            {
                await peer.Kill();
            }
            else
            {
                atThePoint++;
            }

            await peer.Exited();
            Assert.Equal(137, peer.ExitCode);
            inbox.Settle(peer);
        }

        Assert.True(atThePoint != 0 || killPoint is not (nameof(KillPoint.PieceRead) or nameof(KillPoint.BeforeSegmentFreed)), "nobody was killed at the point");
        using PeerProcess last = inbox.Start(4);
        await sending.WaitAsync(Wait.Deadline);
        await Wait.Until(() => inbox.IsDone || last.HasExited, "the last incarnation finishes", inbox.Describe);
        await last.Kill();
        inbox.Settle(last);
        inbox.AssertNothingVanished();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_worker_killed_at_any_moment_costs_only_what_was_running(int seed)
    {
        var random = new Random(seed);
        using var inbox = new KilledInbox(segments: 3);
        Task sending = inbox.SendAll(i => i % 3 == 0 ? 60_003 : 64 + (i % 5 * 701));
        int incarnation = 1;
        for (; incarnation <= 3; incarnation++)
        {
            using PeerProcess peer = inbox.Start(incarnation);
            int lines = random.Next(1, 150);
            await Wait.Until(() => peer.Lines.Count > lines || inbox.IsDone, "it has handled some", inbox.Describe);
            await peer.Kill();
            inbox.Settle(peer);
        }

        using PeerProcess last = inbox.Start(incarnation);
        await sending.WaitAsync(Wait.Deadline);
        await Wait.Until(() => inbox.IsDone || last.HasExited, "the last incarnation finishes", inbox.Describe);
        await last.Kill();
        inbox.Settle(last);
        inbox.AssertNothingVanished();
    }

    [Theory]
    [InlineData(nameof(KillPoint.RedeliverStored), false)]
    [InlineData(nameof(KillPoint.Started), true)]
    [InlineData(nameof(KillPoint.BeforeDone), true)]
    [InlineData(nameof(KillPoint.PendingStarted), true)]
    [InlineData(nameof(KillPoint.Relieving), true)]
    [InlineData(nameof(KillPoint.TakingOver), true)]
    public async Task A_frame_whose_listener_asks_for_it_is_run_again_by_one_successor_after_the_other(string killPoint, bool hasStarted)
    {
        using var inbox = new KilledInbox(senders: 3);
        Task sending = inbox.SendAll(_ => 101);
        int incarnation = 0;

        // Which frame a death hits is chance, and every third asks for it.
        while (++incarnation <= 6 || (hasStarted && inbox.Redeliveries == 0 && !inbox.IsDone))
        {
            using PeerProcess peer = inbox.Start(incarnation, null, $"kill={killPoint}", $"passes={(killPoint == nameof(KillPoint.RedeliverStored) ? 3 : Math.Min(incarnation, 6))}");
            await peer.Ready();
            await Wait.Until(() => peer.HasExited || inbox.IsDone, "it is killed, or has nothing left", inbox.Describe);
            if (!peer.HasExited)
            {
                await peer.Kill();
            }

            await peer.Exited();
            inbox.Settle(peer);
        }

        using PeerProcess last = inbox.Start(incarnation);
        await sending.WaitAsync(Wait.Deadline);
        await Wait.Until(() => inbox.IsDone || last.HasExited, "the last incarnation finishes", inbox.Describe);
        await last.Kill();
        inbox.Settle(last);
        inbox.AssertNothingVanished();
        Assert.True(inbox.Redeliveries > 0 || !hasStarted, "nothing was run again");
    }

    public static TheoryData<string, int> KillPointsOfOldAndNew()
    {
        var data = new TheoryData<string, int>();
        foreach (KillPoint point in Enum.GetValues<KillPoint>().Except([.. SenderCrashTests.Points, KillPoint.SegmentFilled, KillPoint.BeforeSegmentFreed]))
        {
            data.Add(point.ToString(), 1);
            data.Add(point.ToString(), 2);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(KillPointsOfOldAndNew))]
    public async Task Of_two_living_incarnations_of_an_id_one_is_killed_at_a_named_point_and_nothing_of_the_other_is_touched(string killPoint, int victim)
    {
        int survivor = 3 - victim;
        int[] lost = [0, 1];
        int[] kept = [2, 3];
        using var inbox = new KilledInbox(senders: 4);
        Task sending = inbox.SendAll(i => killPoint == nameof(KillPoint.PieceRead) && i % 5 == 3 ? 10_001 : 64 + (i % 7 * 101));

        // The survivor has a lot that waits and runs, and finishes nothing of it meanwhile.
        using PeerProcess living = inbox.Start(survivor, kept, "hold=1");
        await Wait.Until(() => inbox.EntriesOf(survivor).Length >= 100, "the survivor holds a hundred frames", inbox.Describe);
        LivingReaders others = inbox.Living(survivor, kept);

        // The victim, and the one that comes for it: of the same parity, as long as the survivor hands out the other half of the ledger.
        foreach (int incarnation in (int[])[victim, victim + 2])
        {
            using PeerProcess peer = inbox.Start(incarnation, lost, $"kill={killPoint}", "passes=3");
            await peer.Ready();
            Assert.Equal(3, new HashSet<int> { peer.Id, living.Id, Environment.ProcessId }.Count);
            await Wait.Until(() => peer.HasExited || peer.Lines.Count > 300, "it is killed, or does not come to that point three times", inbox.Describe);
            if (!peer.HasExited)
            {
                await peer.Kill();
            }

            await peer.Exited();
            Assert.Equal(137, peer.ExitCode);
            (int Index, ulong Word)[] before = inbox.EntriesOf(survivor);
            inbox.Settle(peer, lost, others);
            Assert.Subset(inbox.EntriesOf(survivor).ToHashSet(), before.ToHashSet());
            Assert.All(inbox.EntriesOf(incarnation), entry => Assert.True(LedgerWord.Read(entry.Word).CanRun));
        }

        living.Send("go");
        using PeerProcess last = inbox.Start(victim + 4, lost);
        await sending.WaitAsync(Wait.Deadline);
        await Wait.Until(() => inbox.IsDone || last.HasExited || living.HasExited, "both finish what is theirs", inbox.Describe);
        await living.Kill();
        inbox.Settle(living, kept, inbox.Living(victim + 4, lost));
        await last.Kill();
        inbox.Settle(last, lost);
        inbox.AssertNothingVanished();
    }

    [Fact]
    public async Task What_a_killed_sender_has_published_is_drained_and_nothing_else()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver);
        using DoorbellSegment doorbell = DoorbellSegment.Create();
        using RingSegment ring = link.NewRing();
        link.ReaderLoop.Attach(Link.Duplicate(ring.Descriptor), ring.Length, Link.Sender, LaneKind.Inbox, doorbell);
        using (var peer = new PeerProcess(
            "write", $"ring={Number(ring.Descriptor)}", $"length={ring.Length}", $"doorbell={Number(doorbell.Descriptor)}", $"readerDoorbell={Number(link.ReaderDoorbell.Descriptor)}"))
        {
            await Wait.Until(() => receiver.Frames.Count > 5000, "some frames arrive");
            await peer.Kill();
        }

        PostMortem.Run([], [ring], null, LivingReaders.None);
        await Wait.Until(() => link.Observer.Drained.Count == 1, "the ring is drained");

        Assert.Empty(link.Observer.Faults);
        Assert.Equal(Enumerable.Range(0, receiver.Frames.Count), receiver.Frames.Select(frame => Wait.NumberOf(frame)));
        Assert.True(ring.IsDrained);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(600_000)] // in pieces: the last one is half written
    public async Task What_a_sender_has_published_that_was_killed_before_it_waited_for_room_is_drained_and_nothing_else(int size)
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, attach: false);
        using DoorbellSegment doorbell = DoorbellSegment.Create();
        using RingSegment ring = link.NewRing();
        using (var peer = new PeerProcess(
            "write", $"ring={Number(ring.Descriptor)}", $"length={ring.Length}", $"doorbell={Number(doorbell.Descriptor)}",
            $"readerDoorbell={Number(link.ReaderDoorbell.Descriptor)}", $"size={size}", $"kill={KillPoint.WaitingForRoom}"))
        {
            await peer.Exited();
            Assert.Equal(137, peer.ExitCode);
        }

        PostMortem.Run([], [ring], null, LivingReaders.None);
        link.ReaderLoop.Attach(Link.Duplicate(ring.Descriptor), ring.Length, Link.Sender, LaneKind.Inbox, doorbell);
        await Wait.Until(() => link.Observer.Drained.Count == 1, "the ring is drained");

        Assert.Empty(link.Observer.Faults);
        Assert.NotEmpty(receiver.Frames);
        Assert.Equal(Enumerable.Range(0, receiver.Frames.Count), receiver.Frames.Select(frame => Wait.NumberOf(frame)));
        Assert.All(receiver.Frames, frame => Assert.Equal(size, frame.Length));
        Assert.True(ring.IsDrained);
    }

    [Fact]
    public async Task A_large_frame_whose_sender_was_killed_before_it_published_it_never_arrives()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, attach: false);
        using DoorbellSegment doorbell = DoorbellSegment.Create();
        using RingSegment ring = link.NewRing();
        FrameSegment segment = ring.CreateFrame(FrameSegmentLayout.SegmentLength(600_000));
        using (var peer = new PeerProcess(
            "write", $"ring={Number(ring.Descriptor)}", $"length={ring.Length}", $"doorbell={Number(doorbell.Descriptor)}",
            $"readerDoorbell={Number(link.ReaderDoorbell.Descriptor)}", "size=600000", $"segments={Number(segment.Descriptor)}:{segment.Length}", $"kill={KillPoint.SegmentFilled}"))
        {
            await peer.Exited();
            Assert.Equal(137, peer.ExitCode);
        }

        PostMortem.Run([], [ring], null, LivingReaders.None);
        link.ReaderLoop.Attach(Link.Duplicate(ring.Descriptor), ring.Length, Link.Sender, LaneKind.Inbox, doorbell);
        await Wait.Until(() => link.Observer.Drained.Count == 1, "the ring is drained");
        Assert.Empty(link.Observer.Faults);
        Assert.Empty(receiver.Frames);
        Assert.True(ring.IsDrained);
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
