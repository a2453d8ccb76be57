using System.Buffers;
using System.Diagnostics;

namespace Ipc.Transports.Rings.Peer;

/// <summary>Round trips and one-way messages between two processes, 256 bytes each. Not a test: prints what it finds.</summary>
internal static class Measurement
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        int size = arguments.Number("size", 256);
        int spin = arguments.Number("spin", -1);
        var limits = new TransportLimits { AnswerRingSize = 1 << 20 };
        using DoorbellSegment ours = DoorbellSegment.Create();
        using DoorbellSegment theirs = DoorbellSegment.Create();
        using RingSegment requests = RingSegment.Create(1, PeerId.Supervisor, PeerId.Worker("worker", 0, 1), LaneKind.Inbox, limits);
        using RingSegment answers = RingSegment.Create(2, PeerId.Worker("worker", 0, 1), PeerId.Supervisor, LaneKind.Answer, limits);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] child =
        [
            "exec", typeof(Measurement).Assembly.Location, "echo", $"parent={Environment.ProcessId}",
            $"doorbell={Number(theirs.Descriptor)}", $"askerDoorbell={Number(ours.Descriptor)}",
            $"ring={Number(requests.Descriptor)}", $"length={requests.Length}",
            $"answers={Number(answers.Descriptor)}", $"answersLength={answers.Length}", $"spin={spin}",
        ];
        foreach (string arg in Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? child : child[2..])
        {
            start.ArgumentList.Add(arg);
        }

        using Process process = Process.Start(start)!;
        string? hello = await process.StandardOutput.ReadLineAsync();
        var receiver = new Answers();
        RingLoopOptions? options = spin >= 0 ? new RingLoopOptions { SpinBudget = spin == 0 ? 0 : 50, YieldBudget = spin } : null;
        await using var loop = new RingReaderLoop(
            DoorbellSegment.Open(Arguments.Open(Environment.ProcessId, Number(ours.Descriptor)), isOwner: true), receiver, new SilentObserver(), limits, null, options);
        using RingWriter writer = RingWriter.Open(
            Arguments.Open(Environment.ProcessId, Number(requests.Descriptor)), requests.Length, PeerId.Worker("worker", 0, 1), LaneKind.Inbox, theirs, loop);
        loop.Attach(Arguments.Open(Environment.ProcessId, Number(answers.Descriptor)), answers.Length, PeerId.Worker("worker", 0, 1), LaneKind.Answer, theirs);
        loop.Start();
        Console.WriteLine($"this process {Environment.ProcessId}, other {hello}");

        byte[] frame = new byte[size];
        for (int round = 0; round < 3; round++)
        {
            RoundTrips(loop, writer, receiver, frame, poll: true, 200_000);
            RoundTrips(loop, writer, receiver, frame, poll: false, 100_000);
            await OneWayAsync(writer, receiver, frame, 5_000_000);
        }

        process.StandardInput.Close();
        Console.WriteLine(await process.StandardOutput.ReadLineAsync());
        await process.WaitForExitAsync();
        return 0;
    }

    private static void RoundTrips(RingReaderLoop loop, RingWriter writer, Answers receiver, byte[] frame, bool poll, int count)
    {
        long[] ticks = new long[count];
        long begun = Stopwatch.GetTimestamp();
        int made = 0;
        for (int i = 0; i < count && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(4); i++, made++)
        {
            long before = Stopwatch.GetTimestamp();
            new FrameHeader(FrameKind.Request, FrameFlags.None, 1, ++receiver.Wanted, 0).Write(frame, FrameHeader.Size);
            writer.BeginFrame().Write(frame);
            ValueTask<long> sent = writer.CommitFrameAsync(TimeSpan.Zero, default);
            if (!sent.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("The ring is full.");
            }

            while (!receiver.IsAnswered)
            {
                if (poll)
                {
                    loop.PollAnswers(receiver);
                }
            }

            ticks[i] = Stopwatch.GetTimestamp() - before;
        }

        ticks = ticks[..made];
        Array.Sort(ticks);
        double us = 1e6 / Stopwatch.Frequency;
        Console.WriteLine($"round trip, {(poll ? "caller polls" : "caller spins, reader thread reads")}: p50 {ticks[made / 2] * us:0.00} us, p99 {ticks[made * 99 / 100] * us:0.00} us, {made} trips, parks {loop.Parks}");
    }

    private static async Task OneWayAsync(RingWriter writer, Answers receiver, byte[] frame, int count)
    {
        new FrameHeader(FrameKind.OneWay, FrameFlags.None, 1, 0, 0).Write(frame, FrameHeader.Size);
        long before = Stopwatch.GetTimestamp();
        int waited = 0;
        for (int i = 0; i < count; i++)
        {
            writer.BeginFrame().Write(frame);
            ValueTask<long> sent = writer.CommitFrameAsync(TimeSpan.FromSeconds(30), default);
            if (!sent.IsCompletedSuccessfully)
            {
                waited++;
                await sent;
            }
        }

        new FrameHeader(FrameKind.Request, FrameFlags.None, 1, ++receiver.Wanted, 0).Write(frame, FrameHeader.Size);
        writer.BeginFrame().Write(frame);
        await writer.CommitFrameAsync(TimeSpan.FromSeconds(30), default);
        SpinWait.SpinUntil(() => receiver.IsAnswered);
        double seconds = Stopwatch.GetElapsedTime(before).TotalSeconds;
        Console.WriteLine($"one way: {count / seconds / 1e6:0.00} M/s, {count / seconds * frame.Length / 1e9:0.00} GB/s, sender waited {waited} times");
    }

    private static int Number(Microsoft.Win32.SafeHandles.SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private sealed class Answers : ITransportReceiver, IAnswerWaiter
    {
        private long _got;

        public long Wanted { get; set; }

        public bool IsAnswered => Volatile.Read(ref _got) == Wanted;

        public FrameDisposition OnFrame(scoped in InboundFrame frame)
        {
            FrameHeader.TryRead(frame.Bytes, out FrameHeader header, out _);
            Volatile.Write(ref _got, header.Correlation);
            return FrameDisposition.Consumed;
        }

        public void OnDirectoryChanged(PeerDirectory directory)
        {
        }

        public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
        {
        }
    }
}
