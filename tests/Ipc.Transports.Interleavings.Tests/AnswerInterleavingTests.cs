using Ipc.Transports.Rings;
using Xunit.Abstractions;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>A caller that polls for its answer, the reader that lies down meanwhile, and the answer.</summary>
public sealed class AnswerInterleavingTests(ITestOutputHelper output)
{
    [Fact]
    public void An_answer_is_found_by_its_caller_or_wakes_the_reader() => output.Holds(explorer => new Polling(explorer), preemptions: 1);

    [Theory]
    [InlineData("LetAnswersRing")]
    [InlineData("LeaveAnswersRole")]
    public void Without_the_fence_of_one_side_an_answer_that_nobody_looks_at_is_found(string member) =>
        output.Finds(explorer => new Polling(explorer), preemptions: 1, member, "the answer lies in the ring");

    [Fact]
    public void Who_begins_to_wait_for_an_answer_while_another_stops_finds_it_or_wakes_the_reader() => output.Holds(explorer => new Asking(explorer), preemptions: 1);

    [Fact]
    public void Without_the_fence_of_who_stops_an_answer_that_nobody_looks_at_is_found() =>
        output.Finds(explorer => new Asking(explorer), preemptions: 1, "LeaveAnswersRole", "answers that were read");

    private sealed class Polling : Scenario, IAnswerWaiter
    {
        private readonly RingHarness _harness;

        public Polling(Explorer explorer)
        {
            _harness = new RingHarness(explorer, spinBudget: 1);
            RingSegment ring = _harness.NewRing(LaneKind.Answer);
            RingWriter writer = _harness.OpenWriter(ring);
            _harness.Attach(ring);
            _harness.ReaderLoop.Start();
            explorer.Settle();
            explorer.Spawn("caller", () => _harness.ReaderLoop.PollAnswers(this));
            explorer.Spawn("answerer", () => RingHarness.Send(writer, 1, kind: FrameKind.Response));
        }

        public bool IsAnswered => _harness.Frames.Numbers.Count != 0;

        public override string? Verdict() => IsAnswered ? null : "the answer lies in the ring and nobody looks at it";

        public override void Dispose() => _harness.Dispose();
    }

    /// <summary>Two callers, each of which waits, polls and is answered; between them nobody waits, and answers ring for nobody.</summary>
    private sealed class Asking : Scenario
    {
        private readonly RingHarness _harness;
        private readonly List<int> _asked = [];
        private int _waiting;

        public Asking(Explorer explorer)
        {
            _harness = new RingHarness(explorer, spinBudget: 1);
            _harness.Frames.Expects = () => Rings.Volatile.Read(ref _waiting) != 0;
            _harness.Frames.OnFrame = (scoped in InboundFrame frame) =>
            {
                Rings.Interlocked.Decrement(ref _waiting);
                _harness.Frames.Numbers.Add(Received.NumberOf(frame));
                return FrameDisposition.Consumed;
            };
            RingSegment ring = _harness.NewRing(LaneKind.Answer);
            RingWriter writer = _harness.OpenWriter(ring);
            _harness.Attach(ring);
            _harness.ReaderLoop.Start();
            explorer.Settle();
            for (int i = 1; i <= 2; i++)
            {
                var caller = new Caller(_harness.Frames, i);
                explorer.Spawn("caller", () =>
                {
                    Rings.Interlocked.Increment(ref _waiting);
                    _asked.Add(caller.Number);
                    Explorer.Changed();
                    _harness.ReaderLoop.PollAnswers(caller);
                });
            }

            explorer.Spawn("answerer", () =>
            {
                for (int i = 0; i < 2; i++)
                {
                    Explorer.Until(() => _asked.Count > i, "answerer");
                    RingHarness.Send(writer, _asked[i], kind: FrameKind.Response);
                }
            });
        }

        public override string? Verdict() => _harness.Frames.Numbers.Count == 2 ? null : $"answers that were read: {string.Join(", ", _harness.Frames.Numbers)}";

        public override void Dispose() => _harness.Dispose();
    }

    private sealed class Caller(Received received, int number) : IAnswerWaiter
    {
        public int Number => number;

        public bool IsAnswered => received.Numbers.Contains(number);
    }
}
