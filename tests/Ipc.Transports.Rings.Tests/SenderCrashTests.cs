using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Tests;

/// <summary>A sender's process, stopped and then killed at every named point: what it has published arrives, nothing else does, and nobody else waits for it.</summary>
public sealed class SenderCrashTests
{
    private const int Innocents = 3;
    private const int SigStop = 19;

    /// <summary>The points that a sender's process passes.</summary>
    internal static readonly KillPoint[] Points =
        [KillPoint.RecordWritten, KillPoint.HeadMoved, KillPoint.PaddingWritten, KillPoint.PieceWritten, KillPoint.WaitingForRoom];

    public static TheoryData<string, int, int> Places()
    {
        var data = new TheoryData<string, int, int>();
        foreach (KillPoint point in Points)
        {
            // Frames of 700,000 bytes go through a ring of 1 MiB in pieces.
            int size = point is KillPoint.PieceWritten or KillPoint.WaitingForRoom ? 700_000 : 1000;
            data.Add(point.ToString(), 1, size);
            data.Add(point.ToString(), 3, size);
        }

        data.Add(nameof(KillPoint.RecordWritten), 1, 700_000); // of the first piece
        data.Add(nameof(KillPoint.HeadMoved), 2000, 1000); // the reader may be anywhere
        return data;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_sender_that_is_stopped_and_killed_at_a_named_point_delays_nobody_and_what_it_published_arrives(string point, int passes, int size)
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, attach: false);
        using DoorbellSegment doorbell = DoorbellSegment.Create();
        using RingSegment ring = link.NewRing();
        link.ReaderLoop.Attach(Link.Duplicate(ring.Descriptor), ring.Length, Link.Sender, LaneKind.Inbox, doorbell);
        RingSegment[] others = [.. Enumerable.Range(0, Innocents).Select(_ => link.NewRing())];
        RingWriter[] writers = [.. others.Select(link.OpenWriter)];
        foreach (RingSegment other in others)
        {
            link.Attach(other);
        }

        using (var peer = new PeerProcess(
            "write", $"ring={Number(ring.Descriptor)}", $"length={ring.Length}", $"doorbell={Number(doorbell.Descriptor)}",
            $"readerDoorbell={Number(link.ReaderDoorbell.Descriptor)}", $"size={size}", $"kill={point}", $"passes={passes}", $"signal={SigStop}"))
        {
            Assert.NotEqual(Environment.ProcessId, peer.Id);
            await Wait.Until(() => peer.IsStopped, "it has stopped at the point");
            await Wait.Until(() => link.ReaderLoop.IsParked, "the reader has read what it knows of");
            for (int round = 0; round < 3; round++)
            {
                for (int i = 0; i < Innocents; i++)
                {
                    await writers[i].Send(Wait.Frame((round * Innocents) + i, 64, action: 99));
                }

                int expected = (round + 1) * Innocents;
                await Wait.Until(() => receiver.Frames.Count(IsInnocent) == expected, "the others' messages arrive while it is stopped");
            }

            await peer.Kill();
        }

        PostMortem.Run([], [ring], null, LivingReaders.None);
        await Wait.Until(() => link.Observer.Drained.Count == 1, "the ring is drained");
        Assert.Empty(link.Observer.Faults);
        byte[][] published = [.. receiver.Frames.Where(frame => !IsInnocent(frame))];
        Assert.Equal(Enumerable.Range(0, published.Length), published.Select(frame => Wait.NumberOf(frame)));
        Assert.All(published, frame => Assert.Equal(size, frame.Length));
        if (point == nameof(KillPoint.HeadMoved))
        {
            Assert.Equal(passes, published.Length); // the last one was published, and nobody was told
        }
        else if (point == nameof(KillPoint.RecordWritten) && size == 1000)
        {
            Assert.Equal(passes - 1, published.Length); // the last one was written, and not published
        }

        foreach (RingWriter writer in writers)
        {
            writer.Dispose();
        }
    }

    private static bool IsInnocent(byte[] frame) => FrameHeader.TryRead(frame, out FrameHeader header, out _) && header.ActionHash == 99;

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
