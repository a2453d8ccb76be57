using Ipc.Transports.Rings;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>A writer that changes a record under its reader's eyes.</summary>
public sealed class ChangedWhileReadTests
{
    [Theory]
    [InlineData(3000)]
    [InlineData(-1)]
    [InlineData(8)]
    public unsafe void A_length_that_changes_after_it_was_read_is_not_read_again(int length)
    {
        using var harness = new RingHarness(null);
        RingSegment ring = harness.NewRing();
        RingReader lane = harness.Attach(ring);
        Assert.True(RingHarness.Send(harness.OpenWriter(ring), 1, 64).IsCompletedSuccessfully);
        int got = 0;
        harness.Frames.OnFrame = (scoped in InboundFrame frame) =>
        {
            got = frame.Bytes.Length;
            return FrameDisposition.Consumed;
        };
        var record = (nint)ring.Memory.Data;
        Explorer.Loaded = address =>
        {
            if (address == record)
            {
                *(ulong*)record = RingLayout.RecordHeader(length, RecordKind.Frame, RecordFlags.Whole);
            }
        };
        try
        {
            Assert.Equal(DrainResult.Idle, lane.Drain(LaneReading.Here(), 8));
        }
        finally
        {
            Explorer.Loaded = null;
        }

        Assert.Equal(64, got);
        Assert.Equal(ring.Memory.Head, ring.Memory.Done);
    }
}
