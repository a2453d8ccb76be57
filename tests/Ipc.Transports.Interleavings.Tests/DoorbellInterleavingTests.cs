using Ipc.Transports.Rings;
using Xunit.Abstractions;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>A reader that lies down, its standby, and senders that publish meanwhile.</summary>
public sealed class DoorbellInterleavingTests(ITestOutputHelper output)
{
    [Fact]
    public void No_frame_stays_behind_while_its_reader_sleeps() => output.Holds(explorer => new Sending(explorer, writers: 1, frames: 2), preemptions: 2);

    [Fact]
    public void A_sender_that_is_stopped_anywhere_delays_no_other_sender() =>
        output.Holds(explorer => new Sending(explorer, writers: 2, frames: 1, firstMayStop: true), preemptions: 1);

    // A caller has the answers' role meanwhile: whoever takes it does so with a locked instruction, which is a fence as well.
    [Fact]
    public void Without_the_fence_of_the_sender_a_lost_wake_up_is_found() =>
        output.Finds(explorer => new Sending(explorer, writers: 1, frames: 2, polls: true), preemptions: 1, "Notify_NeedsLock", "the reader sleeps");

    /// <summary>Senders to one reader, each on a ring of its own.</summary>
    private sealed class Sending : Scenario
    {
        private readonly RingHarness _harness;
        private readonly int _writers;
        private readonly int _frames;
        private readonly int _innocent;

        public Sending(Explorer explorer, int writers, int frames, bool firstMayStop = false, bool polls = false)
        {
            _harness = new RingHarness(explorer, spinBudget: polls ? 1 : 0);
            _writers = writers;
            _frames = frames;
            _innocent = firstMayStop ? 1 : 0;
            List<RingWriter> open = [];
            for (int i = 0; i < writers; i++)
            {
                RingSegment ring = _harness.NewRing();
                open.Add(_harness.OpenWriter(ring));
                _harness.Attach(ring);
            }

            if (polls)
            {
                _harness.Attach(_harness.NewRing(LaneKind.Answer));
            }

            _harness.ReaderLoop.Start();
            explorer.Settle();
            for (int i = 0; i < writers; i++)
            {
                int first = (i * 100) + 1;
                RingWriter writer = open[i];
                explorer.Spawn(
                    "writer",
                    () =>
                    {
                        for (int n = 0; n < frames; n++)
                        {
                            RingHarness.Send(writer, first + n);
                        }
                    },
                    mayStop: firstMayStop && i == 0);
            }

            if (polls)
            {
                explorer.Spawn("caller", () => _harness.ReaderLoop.PollAnswers(new Unanswered()));
            }
        }

        public override string? Verdict()
        {
            for (int i = _innocent; i < _writers; i++)
            {
                IEnumerable<long> expected = Enumerable.Range((i * 100) + 1, _frames).Select(n => (long)n);
                if (!_harness.Frames.Numbers.Where(n => n / 100 == i).SequenceEqual(expected))
                {
                    return $"the reader sleeps and has got {string.Join(", ", _harness.Frames.Numbers)}";
                }
            }

            return _harness.Frames.Reports.FirstOrDefault();
        }

        public override void Dispose() => _harness.Dispose();

        private sealed class Unanswered : IAnswerWaiter
        {
            public bool IsAnswered => false;
        }
    }
}
