namespace Ipc.Transports.Rings.Tests;

/// <summary>Two incarnations in one process, the first one abandoned in the middle: what its successor and its senders get.</summary>
public sealed class LedgerTests
{
    private static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Slot = PeerId.Worker("worker", 1, 0);

    [Fact]
    public async Task A_waiting_frame_is_delivered_to_the_successor_before_what_is_in_the_ring()
    {
        await using var inbox = new Inbox();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            if (Wait.NumberOf(frame.Bytes) < 3)
            {
                frame.Take(keepBytes: true);
                return FrameDisposition.Consumed;
            }

            return FrameDisposition.Held;
        };
        inbox.Start(1);
        for (int i = 0; i < 5; i++)
        {
            await inbox.Writer.Send(Wait.Frame(i, 100 + i));
        }

        await Wait.Until(() => inbox.Seen.Count == 4, "three are taken, the fourth is held");
        PostMortemReport report = inbox.Die();
        Assert.Empty(report.Lost);
        Assert.Empty(report.Interrupted);

        // Nothing up to the first waiting frame is missing; that one, and those behind it, are answered by the successor.
        Assert.True(report.Taken.Single().Position < 112);

        inbox.Seen.Clear();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            Assert.Equal(Wait.Frame(Wait.NumberOf(frame.Bytes), 100 + Wait.NumberOf(frame.Bytes)), frame.Bytes.ToArray());
            return FrameDisposition.Consumed;
        };
        inbox.Start(2);
        await Wait.Until(() => inbox.Seen.Count == 5, "all five run in the successor");
        Assert.Equal([0, 1, 2, 3, 4], inbox.Seen);
        Assert.Empty(inbox.Observer.Failures);
        Assert.Equal(0, inbox.UsedEntries());
    }

    [Fact]
    public async Task A_request_that_had_started_is_interrupted_and_a_message_is_lost_and_neither_runs_again()
    {
        await using var inbox = new Inbox();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            frame.Take(keepBytes: false);
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        await inbox.Writer.Send(Wait.Frame(1, 100, FrameKind.Request, 11));
        await inbox.Writer.Send(Wait.Frame(2, 100, FrameKind.OneWay, 22));
        await Wait.Until(() => inbox.Seen.Count == 2, "both are started");

        PostMortemReport report = inbox.Die();

        Assert.Equal(new InterruptedRequest(Sender, 1, 11), Assert.Single(report.Interrupted));
        Assert.Equal(new LostMessages(Sender, 22, 1), Assert.Single(report.Lost));
        Assert.Equal(224, report.Taken.Single().Position);
        inbox.Seen.Clear();
        inbox.Start(2);
        await inbox.Writer.Send(Wait.Frame(3, 100));
        await Wait.Until(() => !inbox.Seen.IsEmpty, "the next frame runs");
        Assert.Equal([3], inbox.Seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_had_started_and_asks_for_it_is_run_again_with_its_bytes_and_its_count_before_what_is_behind_it(bool leavesTheRing)
    {
        await using var inbox = new Inbox();
        var counts = new System.Collections.Concurrent.ConcurrentQueue<int>();
        FrameDisposition StartAndDie(scoped in InboundFrame frame)
        {
            Assert.Equal(Wait.Frame(Wait.NumberOf(frame.Bytes), 1000), frame.Bytes.ToArray());
            counts.Enqueue(frame.Deliveries);
            frame.MarkStarted(redeliver: true);
            if (leavesTheRing)
            {
                Assert.Equal(frame.Deliveries + 1, frame.Take(keepBytes: false).DeliveryCount);
                return FrameDisposition.Consumed;
            }

            inbox.Seen.Enqueue(Wait.NumberOf(frame.Bytes));
            Thread.Sleep(Timeout.Infinite); // dead
            return FrameDisposition.Consumed;
        }

        inbox.Act = StartAndDie;
        await inbox.Writer.Send(Wait.Frame(1, 1000));
        await inbox.Writer.Send(Wait.Frame(2, 1000));
        for (int incarnation = 1; incarnation <= 3; incarnation++)
        {
            inbox.Start(incarnation);
            await Wait.Until(() => inbox.Seen.Count == (leavesTheRing ? 2 : 1), "it has started");
            PostMortemReport report = inbox.Die();
            Assert.Empty(report.Lost);
            Assert.True(report.Taken.Single().Position < 1008); // the first one waits again
            Assert.Equal(leavesTheRing ? [1, 2] : [1], inbox.Seen);
            Assert.Equal(leavesTheRing ? 2 : 1, inbox.UsedEntries());
            inbox.Seen.Clear();
        }

        inbox.Act = null;
        inbox.Start(4);
        await Wait.Until(() => inbox.Seen.Count == 2, "both run");
        Assert.Equal([1, 2], inbox.Seen);
        Assert.Equal(leavesTheRing ? [0, 0, 1, 1, 2, 2] : [0, 1, 2], counts);
        Assert.Equal(0, inbox.UsedEntries());
        Assert.Empty(inbox.Observer.Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_message_that_had_started_and_asks_for_it_keeps_its_segment_and_is_run_again_by_the_successor_with_a_count_of_two(bool leavesTheRing)
    {
        const int Size = 50_000;
        await using var inbox = new Inbox(8192);
        FrameSegment[] segments = [inbox.Supply(Size), inbox.Supply(Size)];
        var counts = new System.Collections.Concurrent.ConcurrentQueue<int>();
        FrameDisposition StartAndDie(scoped in InboundFrame frame)
        {
            Assert.Equal(Wait.Frame(Wait.NumberOf(frame.Bytes), Size), frame.Bytes.ToArray());
            counts.Enqueue(frame.Deliveries);
            frame.MarkStarted(redeliver: true);
            if (leavesTheRing)
            {
                Assert.Equal(frame.Deliveries + 1, frame.Take(keepBytes: false).DeliveryCount);
                return FrameDisposition.Consumed;
            }

            inbox.Seen.Enqueue(Wait.NumberOf(frame.Bytes));
            Thread.Sleep(Timeout.Infinite); // dead
            return FrameDisposition.Consumed;
        }

        inbox.Act = StartAndDie;
        await inbox.Writer.Send(Wait.Frame(1, Size));
        await inbox.Writer.Send(Wait.Frame(2, Size));
        for (int incarnation = 1; incarnation <= 2; incarnation++)
        {
            inbox.Seen.Clear();
            inbox.Start(incarnation);
            await Wait.Until(() => inbox.Seen.Count == (leavesTheRing ? 2 : 1), "it has started");
            Assert.Empty(inbox.Die().Lost);
            Assert.Equal(leavesTheRing ? 2 : 1, inbox.UsedEntries());
            Assert.All(segments, segment => Assert.Equal(0ul, segment.Freed)); // their writer does not get the memory back
        }

        inbox.Seen.Clear();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            Assert.Equal(Wait.Frame(Wait.NumberOf(frame.Bytes), Size), frame.Bytes.ToArray());
            counts.Enqueue(frame.Deliveries);
            frame.MarkStarted();
            return FrameDisposition.Consumed;
        };
        inbox.Start(3);
        await Wait.Until(() => inbox.Seen.Count == 2 && inbox.UsedEntries() == 0, "both run");
        Assert.Equal([1, 2], inbox.Seen);
        Assert.Equal(leavesTheRing ? [0, 0, 1, 1, 2, 2] : [0, 1, 2, 0], counts);
        Assert.Empty(inbox.Observer.Failures);
        await Wait.Until(() => segments.All(segment => segment.Freed == 1), "the writer gets its memory back");
    }

    [Fact]
    public async Task A_message_to_be_run_again_waits_its_turn_with_its_count_and_is_reported_when_its_listener_no_longer_asks_for_it()
    {
        await using var inbox = new Inbox();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted(redeliver: true);
            frame.Take(keepBytes: false);
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        await inbox.Writer.Send(Wait.Frame(1, 100, action: 11));
        await Wait.Until(() => inbox.Seen.Count == 1, "it has started");
        Assert.Empty(inbox.Die().Lost);

        // The next one lets it wait and dies, twice: the count does not change by that.
        FrameLease? waiting = null;
        for (int incarnation = 2; incarnation <= 3; incarnation++)
        {
            inbox.Seen.Clear();
            inbox.Act = (scoped in InboundFrame frame) =>
            {
                Assert.Equal(1, frame.Deliveries);
                waiting = frame.Take(keepBytes: true);
                return FrameDisposition.Consumed;
            };
            inbox.Start(incarnation);
            await Wait.Until(() => inbox.Seen.Count == 1, "it waits");
            Assert.Equal(Wait.Frame(1, 100, action: 11), waiting!.Bytes.ToArray());
            if (incarnation == 2)
            {
                Assert.Empty(inbox.Die().Lost);
            }
        }

        waiting!.MarkStarted(redeliver: false);
        Assert.Equal(2, waiting.DeliveryCount);
        Assert.Equal(new LostMessages(Sender, 11, 1), Assert.Single(inbox.Die().Lost));
        Assert.Equal(0, inbox.UsedEntries());
    }

    [Theory]
    [InlineData(FrameKind.Request, 100, 65536)]
    [InlineData(FrameKind.OneWay, LedgerLayout.LargestFrame + 1, 1 << 20)]
    [InlineData(FrameKind.OneWay, 10_000, 16384)] // in pieces
    public async Task A_request_and_what_shared_memory_does_not_hold_any_more_are_reported_even_if_their_listener_asks_to_run_them_again(FrameKind kind, int size, int ringSize)
    {
        foreach (bool leavesTheRing in (bool[])[false, true])
        {
            await using var inbox = new Inbox(ringSize);
            inbox.Act = (scoped in InboundFrame frame) =>
            {
                frame.MarkStarted(redeliver: true);
                if (leavesTheRing && (kind == FrameKind.Request || size > LedgerLayout.LargestFrame))
                {
                    frame.Take(keepBytes: false);
                    return FrameDisposition.Consumed;
                }

                inbox.Seen.Enqueue(Wait.NumberOf(frame.Bytes));
                Thread.Sleep(Timeout.Infinite); // dead
                return FrameDisposition.Consumed;
            };
            inbox.Start(1);
            await inbox.Writer.Send(Wait.Frame(1, size, kind, 11));
            await Wait.Until(() => inbox.Seen.Count == 1, "it has started");

            PostMortemReport report = inbox.Die();

            Assert.Equal(kind == FrameKind.Request ? [new InterruptedRequest(Sender, 1, 11)] : [], report.Interrupted);
            Assert.Equal(kind == FrameKind.Request ? [] : [new LostMessages(Sender, 11, 1)], report.Lost);
            Assert.Equal(0, inbox.UsedEntries());
        }
    }

    [Fact]
    public async Task With_its_quota_used_up_a_sender_s_messages_are_all_run_again_the_one_that_runs_inline_too()
    {
        await using var inbox = new Inbox();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted(redeliver: true);
            if (Wait.NumberOf(frame.Bytes) < LedgerLayout.Quota - 1)
            {
                frame.Take(keepBytes: false);
                return FrameDisposition.Consumed;
            }

            inbox.Seen.Enqueue(Wait.NumberOf(frame.Bytes));
            Thread.Sleep(Timeout.Infinite); // dead
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        for (int i = 0; i < LedgerLayout.Quota; i++)
        {
            await inbox.Writer.Send(Wait.Frame(i, LedgerLayout.QuotaBytes / LedgerLayout.Quota));
        }

        await Wait.Until(() => inbox.Seen.Count == LedgerLayout.Quota, "the sender's quota is used up but for one, and that one runs inline");
        Assert.Empty(inbox.Die().Lost);
        Assert.Equal(LedgerLayout.Quota, inbox.UsedEntries());

        inbox.Seen.Clear();
        inbox.Act = null;
        inbox.Start(2);
        await Wait.Until(() => inbox.Seen.Count == LedgerLayout.Quota, "all run again");
        Assert.Equal(Enumerable.Range(0, LedgerLayout.Quota), inbox.Seen);
    }

    [Theory]
    [InlineData(200, 65536)]
    [InlineData(200, 8192)]
    [InlineData(5000, 8192)]
    public async Task A_request_with_headers_that_was_handed_over_and_then_killed_is_interrupted(int headers, int ringSize)
    {
        await using var inbox = new Inbox(ringSize);
        using var inside = new ManualResetEventSlim();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            frame.Lane.EnterUserCode();
            inside.Set();
            Thread.Sleep(Timeout.Infinite);
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        byte[] request = Wait.Frame(5, 40 + headers, FrameKind.Request, 55);
        new FrameHeader(FrameKind.Request, FrameFlags.Headers, 55, 5, 0).Write(request, FrameHeader.Size + headers);
        await inbox.Writer.Send(request);
        Assert.True(inside.Wait(Wait.Deadline));
        inbox.Loop!.WakeSelf(); // as the next arrival does: while the standby sleeps, nothing less makes it look at a reader with nothing else to read
        await Wait.Until(() => inbox.UsedEntries() == 1, "another thread reads, and a stand-in is in the ledger");

        PostMortemReport report = inbox.Die();

        Assert.Equal(new InterruptedRequest(Sender, 5, 55), Assert.Single(report.Interrupted));
        Assert.Empty(report.Lost);
    }

    [Theory]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(103)]
    public async Task A_message_of_any_length_that_was_handed_over_and_then_killed_is_run_again_with_its_bytes_and_no_others(int length)
    {
        await using var inbox = new Inbox();
        using var inside = new ManualResetEventSlim();
        var again = new TaskCompletionSource<(int Deliveries, byte[] Bytes)>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            if (frame.Deliveries != 0)
            {
                again.TrySetResult((frame.Deliveries, frame.Bytes.ToArray()));
                return FrameDisposition.Consumed;
            }

            frame.MarkStarted(redeliver: true);
            frame.Lane.EnterUserCode();
            inside.Set();
            Thread.Sleep(Timeout.Infinite);
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        await inbox.Writer.Send(Wait.Frame(5, length));
        Assert.True(inside.Wait(Wait.Deadline));
        inbox.Loop!.WakeSelf(); // as the next arrival does
        await Wait.Until(() => inbox.UsedEntries() == 1, "another thread reads, and a stand-in is in the ledger");
        Assert.Empty(inbox.Die().Lost);

        inbox.Start(2);
        (int deliveries, byte[] bytes) = await again.Task.WaitAsync(Wait.Deadline);

        Assert.Equal(1, deliveries);
        Assert.Equal(Wait.Frame(5, length), bytes);
    }

    [Fact]
    public async Task A_ring_that_was_kept_for_a_thread_of_a_dead_reader_is_free_for_its_successor_and_what_ran_is_run_again()
    {
        await using var inbox = new Inbox(ringSize: 8192);
        using var inside = new ManualResetEventSlim();
        bool isLent = false;
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            if (Wait.NumberOf(frame.Bytes) == 5)
            {
                frame.MarkStarted(redeliver: true);
                isLent = frame.Lane.TryBorrow();
                frame.Lane.EnterUserCode();
                inside.Set();
                Thread.Sleep(Timeout.Infinite);
            }

            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        await inbox.Writer.Send(Wait.Frame(5, 997));
        Assert.True(inside.Wait(Wait.Deadline) && isLent);
        IpcException full = await Assert.ThrowsAsync<IpcException>(async () =>
        {
            for (int i = 10; i < 30; i++)
            {
                await inbox.Writer.Send(Wait.Frame(i, 1009), TimeSpan.FromMilliseconds(100));
            }
        });
        Assert.Equal(IpcError.InboxFull, full.Reason);
        await Wait.Until(() => inbox.UsedEntries() == 1, "another thread reads, and a stand-in is in the ledger");
        Assert.Empty(inbox.Die().Lost);

        inbox.Seen.Clear();
        inbox.Act = null;
        inbox.Start(2);
        for (int i = 30; i < 60; i++)
        {
            await inbox.Writer.Send(Wait.Frame(i, 1009));
        }

        await Wait.Until(() => inbox.Seen.LastOrDefault() == 59, "the successor reads");
        Assert.Equal(5, inbox.Seen.First());
        Assert.Equal(Enumerable.Range(30, 30), inbox.Seen.Where(number => number >= 30));
    }

    [Fact]
    public async Task A_request_in_pieces_with_headers_longer_than_a_piece_whose_reader_died_half_way_is_interrupted()
    {
        await using var inbox = new Inbox(ringSize: 8192);
        using var stop = new ManualResetEventSlim();
        inbox.KillPoints = point =>
        {
            if (point == KillPoint.PieceRead)
            {
                stop.Set();
                Thread.Sleep(Timeout.Infinite);
            }
        };
        inbox.Start(1);
        byte[] request = Wait.Frame(5, 40_000, FrameKind.Request, 55);
        new FrameHeader(FrameKind.Request, FrameFlags.Headers, 55, 5, 0).Write(request, 30_000);
        Task<long> send = inbox.Writer.Send(request).AsTask();
        Assert.True(stop.Wait(Wait.Deadline));

        PostMortemReport report = inbox.Die();

        Assert.Equal(new InterruptedRequest(Sender, 5, 55), Assert.Single(report.Interrupted));
        inbox.KillPoints = null;
        inbox.Start(2);
        await send.WaitAsync(Wait.Deadline);
    }

    [Fact]
    public async Task Frames_are_offered_only_while_the_ledger_could_take_them_and_again_when_something_is_finished()
    {
        await using var inbox = new Inbox();
        var leases = new System.Collections.Concurrent.ConcurrentQueue<FrameLease>();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            leases.Enqueue(frame.Take(keepBytes: true));
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        for (int i = 0; i < LedgerLayout.Quota + 10; i++)
        {
            await inbox.Writer.Send(Wait.Frame(i, 64));
        }

        await Wait.Until(() => leases.Count == LedgerLayout.Quota && inbox.Loop!.IsParked, "the sender's quota is used up and the reader sleeps");
        Assert.Equal(LedgerLayout.Quota, inbox.UsedEntries());
        for (int i = 0; i < LedgerLayout.Quota + 10; i++)
        {
            FrameLease? lease = null;
            await Wait.Until(() => leases.TryDequeue(out lease), "another one is offered");
            Assert.Equal(i, Wait.NumberOf(lease!.Bytes));
            lease.Dispose();
        }

        Assert.Equal(0, inbox.UsedEntries());
    }

    [Fact]
    public async Task The_third_incarnation_finds_what_the_first_left_and_the_second_did_not_begin()
    {
        await using var inbox = new Inbox();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.Take(keepBytes: true);
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        await inbox.Writer.Send(Wait.Frame(1, 3000));
        await inbox.Writer.Send(Wait.Frame(2, 3000));
        await Wait.Until(() => inbox.Seen.Count == 2, "both wait");
        inbox.Die();
        inbox.Start(2);
        await inbox.Writer.Send(Wait.Frame(3, 3000));
        await Wait.Until(() => inbox.Seen.Count == 5, "both wait again, and a third");
        Assert.Equal(3, inbox.UsedEntries());
        Assert.Empty(inbox.Die().Lost);

        inbox.Seen.Clear();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            Assert.Equal(Wait.Frame(Wait.NumberOf(frame.Bytes), 3000), frame.Bytes.ToArray());
            return FrameDisposition.Consumed;
        };
        inbox.Start(3);
        await Wait.Until(() => inbox.Seen.Count == 3, "all run");
        Assert.Equal([1, 2, 3], inbox.Seen);
        Assert.Equal(0, inbox.UsedEntries());
        Assert.Empty(inbox.Observer.Failures);
    }

    [Fact]
    public async Task A_request_in_pieces_whose_reader_died_half_way_is_interrupted_and_its_rest_skipped()
    {
        await using var inbox = new Inbox(ringSize: 8192);
        using var stop = new ManualResetEventSlim();
        inbox.KillPoints = point =>
        {
            if (point == KillPoint.PieceRead)
            {
                stop.Set();
                Thread.Sleep(Timeout.Infinite);
            }
        };
        inbox.Start(1);
        Task<long> send = inbox.Writer.Send(Wait.Frame(5, 40_000, FrameKind.Request, 55)).AsTask();
        Assert.True(stop.Wait(Wait.Deadline));

        PostMortemReport report = inbox.Die();
        Assert.Equal(new InterruptedRequest(Sender, 5, 55), Assert.Single(report.Interrupted));
        inbox.KillPoints = null;
        inbox.Start(2);
        await send.WaitAsync(Wait.Deadline);
        await inbox.Writer.Send(Wait.Frame(6, 30_000));
        await Wait.Until(() => !inbox.Seen.IsEmpty, "the next frame arrives");

        Assert.Equal([6], inbox.Seen);
        Assert.Empty(inbox.Observer.Faults);
    }

    [Theory]
    [InlineData(nameof(KillPoint.Started), false, true)]
    [InlineData(nameof(KillPoint.BeforeDone), false, true)]
    [InlineData(nameof(KillPoint.CopiedToArena), true, false)]
    [InlineData(nameof(KillPoint.EntryStored), true, false)]
    [InlineData(nameof(KillPoint.Taken), true, false)]
    public async Task A_kill_between_two_stores_either_runs_the_frame_in_the_successor_or_reports_it(string where, bool takes, bool isReported)
    {
        await using var inbox = new Inbox();
        using var stop = new ManualResetEventSlim();
        inbox.KillPoints = point =>
        {
            if (point.ToString() == where)
            {
                stop.Set();
                Thread.Sleep(Timeout.Infinite);
            }
        };
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            if (takes)
            {
                frame.Take(keepBytes: true);
            }
            else
            {
                frame.MarkStarted();
            }

            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        await inbox.Writer.Send(Wait.Frame(1, 64, FrameKind.OneWay, 9));
        await inbox.Writer.Send(Wait.Frame(2, 64));
        Assert.True(stop.Wait(Wait.Deadline));

        PostMortemReport report = inbox.Die();
        Assert.Equal(isReported ? [new LostMessages(Sender, 9, 1)] : [], report.Lost);
        inbox.KillPoints = null;
        inbox.Act = null;
        inbox.Seen.Clear();
        inbox.Start(2);
        await Wait.Until(() => inbox.Seen.Contains(2), "the successor goes on");
        Assert.Equal(isReported ? [2] : [1, 2], inbox.Seen);

        // Hole B: the successor has run it and dies too; nobody may find it a second time.
        inbox.Seen.Clear();
        inbox.Die();
        inbox.Start(3);
        await inbox.Writer.Send(Wait.Frame(3, 64));
        await Wait.Until(() => !inbox.Seen.IsEmpty, "the third goes on");
        Assert.Equal([3], inbox.Seen);
    }

    [Fact]
    public async Task Inherited_frames_that_end_at_once_make_room_for_a_lane_that_waits_for_it()
    {
        var limits = new TransportLimits();
        using LedgerSegment ledger = LedgerSegment.Create();
        byte[] waiting = Wait.Frame(1, 64);
        for (int index = LedgerLayout.Entries; index < LedgerSegment.EntryCount; index++)
        {
            // The dead incarnation's half, which its successor hands out too, is full of what waits.
            int number = index - LedgerLayout.Entries;
            ledger.RingId(index) = 1;
            ledger.Position(index) = (ulong)(number + 1) * 8;
            ledger.Place(index) = number * 64;
            ledger.Bytes(index) = waiting.Length;
            waiting.CopyTo(ledger.Arena(1, number * 64, waiting.Length));
            ledger.Word(index) = new LedgerWord(LedgerState.Pending, LedgerFlags.HasBytes, 0, 1).ToWord();
        }

        var receiver = new RecordingReceiver();
        using DoorbellSegment doorbell = DoorbellSegment.Create();
        using DoorbellSegment writerDoorbell = DoorbellSegment.Create();
        using RingSegment left = RingSegment.Create(1, Sender, Slot, LaneKind.Inbox, limits);
        using RingSegment other = RingSegment.Create(2, Sender, Slot, LaneKind.Inbox, limits);
        await using var loop = new RingReaderLoop(
            DoorbellSegment.Open(Link.Duplicate(doorbell.Descriptor), isOwner: true), receiver, new RecordingObserver(), limits,
            LedgerSegment.Open(Link.Duplicate(ledger.Descriptor), ledger.Length, incarnation: 3));
        using RingWriter writer = RingWriter.Open(Link.Duplicate(other.Descriptor), other.Length, Slot, LaneKind.Inbox, doorbell, loop);
        loop.Attach(Link.Duplicate(other.Descriptor), other.Length, Sender, LaneKind.Inbox, writerDoorbell);
        loop.Start();
        await writer.Send(Wait.Frame(2, 65));
        await Wait.Until(() => loop.IsParked, "it is held for want of an entry");
        Assert.Empty(receiver.Frames);

        loop.Attach(Link.Duplicate(left.Descriptor), left.Length, Sender, LaneKind.Inbox, writerDoorbell);

        await Wait.Until(() => receiver.Frames.Count == LedgerLayout.Entries + 1, "what was left has run, then the other lane's frame");
        Assert.Equal(Wait.Frame(2, 65), receiver.Frames.Last());
    }

    [Fact]
    public async Task A_closed_ring_is_kept_for_the_frames_that_wait_in_the_ledger_and_drained_when_they_have_run()
    {
        await using var inbox = new Inbox();
        inbox.Act = (scoped in InboundFrame frame) =>
        {
            frame.Take(keepBytes: true);
            return FrameDisposition.Consumed;
        };
        inbox.Start(1);
        await inbox.Writer.Send(Wait.Frame(1, 64));
        await Wait.Until(() => inbox.Seen.Count == 1, "it waits");
        inbox.Ring.Close(); // its sender has ended
        Assert.True(inbox.Ring.IsDrained);
        inbox.Die();
        Assert.False(inbox.Ring.IsDrained);

        inbox.Act = null;
        inbox.Seen.Clear();
        inbox.Start(2);
        await Wait.Until(() => inbox.Observer.Drained.Count == 1, "the lane is drained");
        Assert.Equal([1], inbox.Seen);
    }

    [Fact]
    public async Task A_doorbell_that_is_gone_can_be_rung_without_harm()
    {
        var doorbell = DoorbellSegment.Create();
        doorbell.Dispose();
        await Task.Run(doorbell.Ring);
    }

    [Fact]
    public void The_arena_gives_back_what_it_has_handed_out()
    {
        var random = new Random(3);
        var arena = new ArenaAllocator(64 << 10);
        var places = new List<(int Place, int Length)>();
        for (int i = 0; i < 5000; i++)
        {
            int length = random.Next(1, 3000);
            if (random.Next(2) == 0 && arena.CanAllocate(length))
            {
                int place = arena.Allocate(length);
                Assert.DoesNotContain(places, other => place < other.Place + other.Length && other.Place < place + length);
                places.Add((place, length));
            }
            else if (places.Count != 0)
            {
                int index = random.Next(places.Count);
                arena.Release(places[index].Place, places[index].Length);
                places.RemoveAt(index);
            }
        }

        places.ForEach(place => arena.Release(place.Place, place.Length));
        Assert.Equal(64 << 10, arena.Free);
        Assert.Equal(0, arena.Allocate(64 << 10));
    }

    /// <summary>One worker id; its incarnations are loops, abandoned instead of killed.</summary>
    private sealed class Inbox : IAsyncDisposable
    {
        private readonly DoorbellSegment _writerDoorbell = DoorbellSegment.Create();
        private readonly LedgerSegment _ledger = LedgerSegment.Create();
        private readonly RingSegment _ring;
        private readonly RingReaderLoop _writerLoop;
        private readonly TransportLimits _limits;
        private int _incarnation;
        private long _life;

        public Inbox(int ringSize = 65536)
        {
            _limits = new TransportLimits { RingSize = ringSize };
            _ring = RingSegment.Create(9, Sender, Slot, LaneKind.Inbox, _limits);
            _ring.WriterDoorbell = _writerDoorbell;
            _writerLoop = new RingReaderLoop(
                DoorbellSegment.Open(Link.Duplicate(_writerDoorbell.Descriptor), isOwner: true), new RecordingReceiver(), Observer, _limits, null,
                new RingLoopOptions { SegmentTick = TimeSpan.FromMinutes(10) }); // segments stay
            _writerLoop.Start();
            using DoorbellSegment none = DoorbellSegment.Create();
            Writer = RingWriter.Open(Link.Duplicate(_ring.Descriptor), _ring.Length, Slot, LaneKind.Inbox, none, _writerLoop);
        }

        public RingSegment Ring => _ring;

        public RingWriter Writer { get; }

        public RingReaderLoop? Loop { get; private set; }

        public RecordingObserver Observer { get; } = new();

        public System.Collections.Concurrent.ConcurrentQueue<int> Seen { get; } = new();

        public RecordingReceiver.FrameAction? Act { get; set; }

        public Action<KillPoint>? KillPoints { get; set; }

        /// <summary>Makes memory for large frames; what is started from now on has it.</summary>
        public FrameSegment Supply(int frameLength)
        {
            FrameSegment segment = _ring.CreateFrame(FrameSegmentLayout.SegmentLength(frameLength));
            Writer.AddSegment(Open(segment, RingRole.Writer));
            return segment;
        }

        public void Start(int incarnation)
        {
            _incarnation = incarnation;
            long life = ++_life;
            DoorbellSegment doorbell = DoorbellSegment.Create();
            _ring.ReaderDoorbell = doorbell;
            Writer.SetReaderDoorbell(doorbell);
            var receiver = new RecordingReceiver();
            receiver.OnFrame = (scoped in InboundFrame frame) =>
            {
                if (Volatile.Read(ref _life) != life)
                {
                    Thread.Sleep(Timeout.Infinite); // dead already
                }

                FrameDisposition result = Act is { } act ? Count(frame, act) : FrameDisposition.Consumed;
                if (Act is null)
                {
                    frame.MarkStarted();
                    Seen.Enqueue(Wait.NumberOf(frame.Bytes));
                }

                return result;
            };
            Loop = new RingReaderLoop(
                DoorbellSegment.Open(Link.Duplicate(doorbell.Descriptor), isOwner: true), receiver, Observer, _limits,
                LedgerSegment.Open(Link.Duplicate(_ledger.Descriptor), _ledger.Length, incarnation), new RingLoopOptions { KillPoints = KillPoints });
            RingReader lane = Loop.Attach(Link.Duplicate(_ring.Descriptor), _ring.Length, Sender, LaneKind.Inbox, _writerDoorbell);
            foreach (FrameSegment segment in _ring.FrameSegments)
            {
                lane.AddSegment(Open(segment, RingRole.Reader));
            }

            Loop.Start();
        }

        /// <summary>No thread of the incarnation touches its memory from here on.</summary>
        public PostMortemReport Die()
        {
            Volatile.Write(ref _life, _life + 1);
            return PostMortem.Run([_ring], [], _ledger, LivingReaders.None);
        }

        public int UsedEntries() => Enumerable.Range(0, LedgerSegment.EntryCount).Count(index => _ledger.Word(index) != 0);

        public async ValueTask DisposeAsync()
        {
            await _writerLoop.DisposeAsync();
            Writer.Dispose();
            _ring.Dispose();
            _ledger.Dispose();
            _writerDoorbell.Dispose();
        }

        private static FrameSegment Open(FrameSegment segment, RingRole role) => FrameSegment.Open(Link.Duplicate(segment.Descriptor), segment.Length, segment.Id, role);

        private FrameDisposition Count(scoped in InboundFrame frame, RecordingReceiver.FrameAction act)
        {
            int number = Wait.NumberOf(frame.Bytes);
            FrameDisposition result = act(frame);
            Seen.Enqueue(number);
            return result;
        }
    }
}
