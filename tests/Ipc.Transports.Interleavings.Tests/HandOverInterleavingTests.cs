using Ipc.Transports.Rings;
using Xunit.Abstractions;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>A listener that blocks, a standby that takes the reading over at any moment, and what arrives meanwhile.</summary>
public sealed class HandOverInterleavingTests(ITestOutputHelper output)
{
    [Fact]
    public void A_frame_that_arrives_while_a_listener_blocks_is_read_by_the_standby() =>
        output.Holds(explorer => new Blocking(explorer), preemptions: 1);

    [Fact]
    public void A_frame_is_settled_once_whoever_settles_it_and_also_when_it_is_taken_at_that_moment() =>
        output.Holds(explorer => new Settling(explorer, isTaken: true), preemptions: 1);

    [Fact]
    public void A_listener_that_ends_at_the_moment_of_the_hand_over_has_run_once() =>
        output.Holds(explorer => new Settling(explorer, isTaken: false), preemptions: 1);

    [Fact]
    public void Without_the_fence_of_the_sender_a_standby_that_sleeps_for_ever_is_found() =>
        output.Finds(explorer => new Blocking(explorer), preemptions: 1, "Notify_NeedsLock", "listeners that ended");

    /// <summary>The first listener ends when the second frame's has run.</summary>
    private sealed class Blocking : Scenario
    {
        private readonly RingHarness _harness;

        public Blocking(Explorer explorer)
        {
            _harness = new RingHarness(explorer);
            RingSegment ring = _harness.NewRing();
            RingWriter writer = _harness.OpenWriter(ring);
            _harness.Attach(ring);
            _harness.Frames.OnFrame = (scoped in InboundFrame frame) =>
            {
                long number = Received.NumberOf(frame);
                frame.MarkStarted();
                frame.Lane.EnterUserCode();
                if (number == 1)
                {
                    Explorer.Until(() => _harness.Frames.Numbers.Contains(2), "listener");
                }

                _harness.Frames.Numbers.Add(number);
                return FrameDisposition.Consumed;
            };
            _harness.ReaderLoop.Start();
            explorer.Settle();
            explorer.Spawn(
                "writer",
                () =>
                {
                    RingHarness.Send(writer, 1);
                    RingHarness.Send(writer, 2);
                });
        }

        public override string? Verdict() =>
            _harness.Frames.Numbers.SequenceEqual([2L, 1]) ? null : $"listeners that ended: {string.Join(", ", _harness.Frames.Numbers)}";

        public override void Dispose() => _harness.Dispose();
    }

    /// <summary>Nobody needs the standby, which takes over all the same whenever it can.</summary>
    private sealed class Settling : Scenario
    {
        private readonly RingHarness _harness;
        private readonly RingSegment _ring;
        private readonly RingReader _lane;

        public Settling(Explorer explorer, bool isTaken)
        {
            _harness = new RingHarness(explorer);
            _ring = _harness.NewRing();
            RingWriter writer = _harness.OpenWriter(_ring);
            _lane = _harness.Attach(_ring);
            _harness.Frames.OnFrame = (scoped in InboundFrame frame) =>
            {
                long number = Received.NumberOf(frame);
                frame.MarkStarted();
                frame.Lane.EnterUserCode();
                Explorer.Visit("listener");
                FrameLease? lease = isTaken && number == 1 ? frame.Take(keepBytes: false) : null;
                Explorer.Visit("listener");
                _harness.Frames.Numbers.Add(number);
                lease?.Dispose();
                return FrameDisposition.Consumed;
            };
            RingHarness.Send(writer, 1);
            RingHarness.Send(writer, 2);
            _harness.ReaderLoop.Start();
        }

        public override string? Verdict()
        {
            RingMemory memory = _ring.Memory;
            return !_harness.Frames.Numbers.Order().SequenceEqual([1L, 2]) ? $"listeners that ran: {string.Join(", ", _harness.Frames.Numbers)}"
                : memory.Done != memory.Head ? $"done is {memory.Done}, head {memory.Head}"
                : _lane.OpenLeases != 0 ? $"{_lane.OpenLeases} leases are open"
                : _harness.Frames.Reports.FirstOrDefault();
        }

        public override void Dispose() => _harness.Dispose();
    }
}
