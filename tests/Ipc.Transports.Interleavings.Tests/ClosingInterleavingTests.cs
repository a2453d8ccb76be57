using Ipc.Transports.Rings;
using Xunit.Abstractions;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>A sender that publishes, a supervisor that closes the ring, and its reader: one of three must not be right alone.</summary>
public sealed class ClosingInterleavingTests(ITestOutputHelper output)
{
    [Fact]
    public void A_frame_is_accepted_exactly_when_its_reader_gets_it() => output.Holds(explorer => new Closing(explorer, frames: 2), preemptions: 1);

    [Theory]
    [InlineData("Notify_NeedsLock")]
    [InlineData("Close")]
    public void Without_the_fence_of_one_side_a_frame_that_is_accepted_and_not_read_is_found(string member) =>
        output.Finds(explorer => new Closing(explorer, frames: 1), preemptions: 1, member, "1 frames were accepted, 0 were read");

    private sealed class Closing : Scenario
    {
        private readonly RingHarness _harness;
        private readonly List<Task<long>> _sends = [];
        private DrainResult _end;

        public Closing(Explorer explorer, int frames)
        {
            _harness = new RingHarness(explorer);
            RingSegment ring = _harness.NewRing();
            RingWriter writer = _harness.OpenWriter(ring);
            RingReader lane = _harness.Attach(ring);
            explorer.Spawn("writer", () => Send(writer, frames));
            explorer.Spawn("supervisor", ring.Close);
            explorer.Spawn("reader", () => _end = LaneReading.Until(lane, () => false));
        }

        public override string? Verdict()
        {
            int accepted = _sends.Count(s => s.IsCompletedSuccessfully);
            int got = _harness.Frames.Numbers.Count;
            return _end != DrainResult.Drained ? $"the reader ends with {_end}"
                : accepted != got ? $"{accepted} frames were accepted, {got} were read"
                : _sends.Exists(s => !s.IsCompleted) ? "a sender was told nothing"
                : null;
        }

        public override void Dispose() => _harness.Dispose();

        private void Send(RingWriter writer, int frames)
        {
            for (int n = 1; n <= frames; n++)
            {
                try
                {
                    _sends.Add(RingHarness.Send(writer, n));
                }
                catch (IpcException e) when (e.Reason == IpcError.PeerGone)
                {
                    _sends.Add(Task.FromException<long>(e));
                }
            }
        }
    }
}
