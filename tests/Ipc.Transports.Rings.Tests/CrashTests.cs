using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Tests;

/// <summary>Real processes, killed with SIGKILL: the law is that a frame runs once, or is reported, and none is lost silently.</summary>
public sealed class CrashTests
{
    private const int Frames = 240;
    private static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Slot = PeerId.Worker("worker", 1, 0);

    public static TheoryData<string, int> KillPointPasses()
    {
        var data = new TheoryData<string, int>();
        foreach (KillPoint point in Enum.GetValues<KillPoint>().Except([KillPoint.WaitingForRoom])) // that one is the writer's
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
        using var inbox = new Inbox();

        // With frames in pieces where a piece is the point: they leave shared memory before they have started.
        Task sending = inbox.SendAll(i => killPoint == nameof(KillPoint.PieceRead) && i % 5 == 3 ? 10_000 : 64 + (i % 7 * 100));

        // Three generations die at that point, the fourth lives: the third finds what the second left of the first's.
        int atThePoint = 0;
        for (int incarnation = 1; incarnation <= 3; incarnation++)
        {
            using PeerProcess peer = inbox.Start(incarnation, $"kill={killPoint}", $"passes={passes}");
            await peer.Ready();
            Assert.NotEqual(Environment.ProcessId, peer.Id);
            await Wait.Until(() => peer.HasExited || inbox.IsDone, "it is killed, or has nothing left");
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
            inbox.Settle(peer, incarnation);
        }

        Assert.True(atThePoint != 0 || killPoint != nameof(KillPoint.PieceRead), "nobody was killed between two pieces");
        using PeerProcess last = inbox.Start(4);
        await sending.WaitAsync(Wait.Deadline);
        await Wait.Until(() => inbox.IsDone || last.HasExited, "the last incarnation finishes");
        await last.Kill();
        inbox.Settle(last, 4);
        inbox.AssertNothingVanished();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_worker_killed_at_any_moment_costs_only_what_was_running(int seed)
    {
        var random = new Random(seed);
        using var inbox = new Inbox();
        Task sending = inbox.SendAll(i => 64 + (i % 5 * 700));
        int incarnation = 1;
        for (; incarnation <= 3; incarnation++)
        {
            using PeerProcess peer = inbox.Start(incarnation);
            int lines = random.Next(1, 150);
            await Wait.Until(() => peer.Lines.Count > lines || inbox.IsDone, "it has handled some", () => inbox.Describe(peer));
            await peer.Kill();
            inbox.Settle(peer, incarnation);
        }

        using PeerProcess last = inbox.Start(incarnation);
        await sending.WaitAsync(Wait.Deadline);
        await Wait.Until(() => inbox.IsDone || last.HasExited, "the last incarnation finishes");
        await last.Kill();
        inbox.Settle(last, incarnation);
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

        PostMortem.Run([], [ring], null);
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

        PostMortem.Run([], [ring], null);
        link.ReaderLoop.Attach(Link.Duplicate(ring.Descriptor), ring.Length, Link.Sender, LaneKind.Inbox, doorbell);
        await Wait.Until(() => link.Observer.Drained.Count == 1, "the ring is drained");

        Assert.Empty(link.Observer.Faults);
        Assert.NotEmpty(receiver.Frames);
        Assert.Equal(Enumerable.Range(0, receiver.Frames.Count), receiver.Frames.Select(frame => Wait.NumberOf(frame)));
        Assert.All(receiver.Frames, frame => Assert.Equal(size, frame.Length));
        Assert.True(ring.IsDrained);
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    /// <summary>The supervisor's and the sender's side of one worker id's inbox, and the books.</summary>
    private sealed class Inbox : IDisposable
    {
        private readonly DoorbellSegment _writerDoorbell = DoorbellSegment.Create();
        private readonly LedgerSegment _ledger = LedgerSegment.Create();
        private readonly RingSegment _ring;
        private readonly RingReaderLoop _loop;
        private readonly RingWriter _writer;
        private readonly List<DoorbellSegment> _doorbells = [];
        private readonly List<int> _started = [];
        private readonly List<int> _ended = [];
        private readonly List<int> _reported = [];
        private PeerProcess? _running;
        private bool _allSent;

        public Inbox()
        {
            var limits = new TransportLimits { RingSize = 16384 };
            _ring = RingSegment.Create(77, Sender, Slot, LaneKind.Inbox, limits);
            _ring.WriterDoorbell = _writerDoorbell;
            _loop = new RingReaderLoop(DoorbellSegment.Open(Link.Duplicate(_writerDoorbell.Descriptor), isOwner: true), new RecordingReceiver(), new RecordingObserver(), limits);
            _doorbells.Add(DoorbellSegment.Create());
            _writer = RingWriter.Open(Link.Duplicate(_ring.Descriptor), _ring.Length, Slot, LaneKind.Inbox, _doorbells[0], _loop);
            _loop.Start();
        }

        /// <summary>Whether every frame has ended or been reported, as far as can be seen.</summary>
        public bool IsDone => Volatile.Read(ref _allSent)
            && _ended.Count + _reported.Count + (_running?.Lines.Count(line => line.StartsWith("end ", StringComparison.Ordinal)) ?? 0) >= Frames;

        public string Describe(PeerProcess peer) =>
            $"exited {peer.HasExited}, {peer.Lines.Count} lines, last {peer.Lines.LastOrDefault()}; head {_ring.Memory.Head} tail {_ring.Memory.Tail} started {_ring.Memory.Started} "
            + $"done {_ring.Memory.Done} writer parked {_ring.Memory.WriterParked}; all sent {_allSent}, {_started.Count} started, {_ended.Count} ended, {_reported.Count} reported";

        public async Task SendAll(Func<int, int> size)
        {
            for (int i = 0; i < Frames; i++)
            {
                await _writer.Send(Wait.Frame(i, size(i), i % 4 == 1 ? FrameKind.Request : FrameKind.OneWay, action: (ulong)i));
            }

            Volatile.Write(ref _allSent, true);
        }

        public PeerProcess Start(int incarnation, params string[] more)
        {
            DoorbellSegment doorbell = DoorbellSegment.Create();
            _doorbells.Add(doorbell);
            _ring.ReaderDoorbell = doorbell;
            _writer.SetReaderDoorbell(doorbell);
            return _running = new PeerProcess(
            [
                "read", $"incarnation={incarnation}", $"ledger={Number(_ledger.Descriptor)}", $"doorbell={Number(doorbell.Descriptor)}",
                $"writerDoorbell={Number(_writerDoorbell.Descriptor)}", $"ring={Number(_ring.Descriptor)}", $"length={_ring.Length}", .. more,
            ]);
        }

        public void Settle(PeerProcess dead, int incarnation)
        {
            _running = null;
            Assert.DoesNotContain(dead.Lines, line => line.StartsWith("corrupt", StringComparison.Ordinal) || line.StartsWith('f'));
            _started.AddRange(Numbers(dead, "start "));
            _ended.AddRange(Numbers(dead, "end "));
            PostMortemReport report = PostMortem.Run([_ring], [], _ledger);
            foreach (LostMessages lost in report.Lost)
            {
                Assert.Equal((1, Sender), (lost.Count, lost.Sender));
                Assert.NotEqual(1, (int)lost.ActionHash % 4);
                _reported.Add((int)lost.ActionHash);
            }

            foreach (InterruptedRequest request in report.Interrupted)
            {
                Assert.Equal(Sender, request.Asker);
                Assert.Equal(1, request.Correlation % 4);
                _reported.Add((int)request.Correlation);
            }

            Assert.True(_ring.Memory.Started <= _ring.Memory.Done);
        }

        public void AssertNothingVanished()
        {
            Assert.Equal(_started.Distinct(), _started); // nothing runs twice
            Assert.Equal(_reported.Distinct(), _reported);
            for (int i = 0; i < Frames; i++)
            {
                Assert.True(_ended.Contains(i) || _reported.Contains(i), $"frame {i} has vanished (started: {_started.Contains(i)})");
            }

            // Frames that wait keep their order, across incarnations; so do those that run inline.
            Assert.Equal(_started.Where(i => i % 4 == 2).Order(), _started.Where(i => i % 4 == 2));
            Assert.Equal(_started.Where(i => i % 4 is 0 or 1).Order(), _started.Where(i => i % 4 is 0 or 1));
        }

        public void Dispose()
        {
            _loop.DisposeAsync().AsTask().Wait();
            _writer.Dispose();
            _ring.Dispose();
            _ledger.Dispose();
            _writerDoorbell.Dispose();
            _doorbells.ForEach(doorbell => doorbell.Dispose());
        }

        private static IEnumerable<int> Numbers(PeerProcess peer, string prefix) => peer.Lines
            .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
            .Select(line => int.Parse(line[prefix.Length..], CultureInfo.InvariantCulture));
    }
}
