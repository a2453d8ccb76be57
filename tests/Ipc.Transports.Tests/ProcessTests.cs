using System.Buffers.Binary;
using System.Collections.Concurrent;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>Real processes, really killed.</summary>
public sealed class ProcessTests
{
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_process_answers(bool useSharedMemory)
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = useSharedMemory });
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker);
        Assert.NotEqual(Environment.ProcessId, peer.Id);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        Assert.Equal(useSharedMemory ? LaneBacking.SharedMemory : LaneBacking.Pipe, lane.Backing);
        foreach (int size in new[] { 64, 1000, 100_000, 3_000_000 })
        {
            byte[] request = Frames.Numbered(size, size, FrameKind.Request);
            await lane.SendAsync(request);
            ReceivedFrame answer = await supervisor.Receiver.NextAsync();
            Assert.Equal(LaneKind.Answer, answer.Lane.Kind);
            Assert.Equal(size, answer.Number);
            Assert.Equal(request[FrameHeader.Size..], answer.Bytes[FrameHeader.Size..]);
        }

        supervisor.Transport.RequestStop(Worker, TimeSpan.FromSeconds(5));
        await peer.ExitedAsync();
        Assert.Equal(0, peer.ExitCode);
    }

    [Fact]
    public async Task That_a_process_dies_is_told_by_the_kernel_and_not_by_its_connection()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = true });
        PeerId other = Worker with { WorkerId = 1 };
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker);
        await using PeerProcess survivor = await PeerProcess.StartAsync(supervisor, other);
        Assert.NotEqual(peer.Id, survivor.Id);

        await peer.KillAsync();

        await supervisor.Events.WaitForAsync($"dying {Worker}");
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        await using PeerProcess successor = await PeerProcess.StartAsync(supervisor, Worker with { Incarnation = 2 });
        await successor.KillAsync();
        await supervisor.Events.WaitForAsync($"dying {Worker with { Incarnation = 2 }}");
        Assert.DoesNotContain($"dying {other}", supervisor.Events.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_process_had_sent_when_it_was_killed_arrives_whole_and_without_gaps(bool useSharedMemory)
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = useSharedMemory });
        var numbers = new Dictionary<int, long>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string? wrong = null;
        supervisor.Receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            int incarnation = frame.Lane.Remote.Incarnation;
            lock (numbers)
            {
                long expected = numbers.GetValueOrDefault(incarnation) + 1;
                long number = BinaryPrimitives.ReadInt64LittleEndian(frame.Bytes[FrameHeader.Size..]);
                if (number != expected || frame.Bytes.Length != 1024 || frame.Bytes[(FrameHeader.Size + 8)..].ContainsAnyExcept((byte)number))
                {
                    wrong ??= $"frame {number} of incarnation {incarnation}, {frame.Bytes.Length} bytes, where {expected} was expected";
                }

                numbers[incarnation] = number;
                (number == 5_000 ? incarnation == 1 ? enough : again : null)?.TrySetResult();
            }

            return FrameDisposition.Consumed;
        };
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker, "stream");
        await enough.Task.WaitAsync(Frames.Patience);
        await peer.KillAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        await using PeerProcess successor = await PeerProcess.StartAsync(supervisor, Worker with { Incarnation = 2 }, "stream");
        await again.Task.WaitAsync(Frames.Patience);
        Assert.Null(wrong);
        Assert.NotEqual(peer.Id, successor.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_request_to_a_process_that_is_killed_is_answered_or_known_to_have_failed(bool useSharedMemory)
    {
        const int Count = 20_000;
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = useSharedMemory });
        var answered = new ConcurrentDictionary<long, int>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        supervisor.Receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            answered.AddOrUpdate(Frames.NumberOf(frame.Bytes), 1, (_, n) => n + 1);
            if (answered.Count > 2_000)
            {
                enough.TrySetResult();
            }

            return FrameDisposition.Consumed;
        };
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker);
        var positions = new ConcurrentDictionary<long, (OutboundLane Lane, long Position)>();
        var refused = new ConcurrentDictionary<long, bool>();
        Task sending = Task.Run(async () =>
        {
            for (int i = 1; i <= Count; i++)
            {
                try
                {
                    OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
                    positions[i] = (lane, await lane.SendAsync(Frames.Numbered(i, 200, FrameKind.Request)));
                }
                catch (IpcException error) when (error.Reason == IpcError.PeerGone)
                {
                    refused[i] = true;
                }
            }
        });
        await enough.Task.WaitAsync(Frames.Patience);
        await peer.KillAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        ReaderGone gone = await supervisor.Receiver.NextGoneAsync();
        Assert.Equal(useSharedMemory, gone.InboxKept);
        await using PeerProcess successor = await PeerProcess.StartAsync(supervisor, Worker with { Incarnation = 2 });
        await sending.WaitAsync(Frames.Patience);

        // More than one lane may have ended: a pipe's end can be seen before its process is known to have gone, and the next request opens another pipe to it.
        List<ReaderGone> ended = [gone];
        bool IsSettled(long i) => answered.ContainsKey(i) || refused.ContainsKey(i)
            || ended.Exists(end => ReferenceEquals(positions[i].Lane, end.Lane) && positions[i].Position <= end.TakenPosition)
            || supervisor.Receiver.Interrupted.ContainsKey(i);
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (Enumerable.Range(1, Count).Any(i => !IsSettled(i)) && !patience.IsCancellationRequested)
        {
            while (supervisor.Receiver.TryNextGone(out ReaderGone? another))
            {
                ended.Add(another!);
            }

            await Task.Delay(10);
        }

        Assert.Empty(Enumerable.Range(1, Count).Where(i => !IsSettled(i)));
        Assert.All(answered, pair => Assert.Equal(1, pair.Value));
        if (useSharedMemory)
        {
            Assert.Empty(refused);
        }
    }

    [Fact]
    public async Task A_worker_learns_at_once_that_its_supervisor_is_gone()
    {
        var supervisor = new TestSupervisor();
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker);
        await supervisor.DisposeAsync();
        await peer.ExitedAsync();
        Assert.Equal(3, peer.ExitCode);
    }
}
