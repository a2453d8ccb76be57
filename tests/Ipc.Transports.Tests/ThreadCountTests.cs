using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>The threads of a real process, as the kernel counts them.</summary>
public sealed class ThreadCountTests
{
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);

    [Fact]
    public async Task A_process_has_as_many_threads_with_32_peers_that_talk_to_it_over_rings_as_with_one()
    {
        const int Peers = 32;
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { Limits = new TransportLimits { RingSize = 64 << 10 } });

        // The runtime's own threads that come and go with work do so quickly, or not at all.
        Dictionary<string, string> quick = new() { ["DOTNET_ThreadPool_ThreadTimeoutMs"] = "100", ["DOTNET_TieredCompilation"] = "0" };
        await using PeerProcess process = await PeerProcess.StartAsync(supervisor, Worker, quick);
        Assert.NotEqual(Environment.ProcessId, process.Id);
        var peers = new List<WorkerTransport>();
        try
        {
            peers.Add(await ConnectAndTalkAsync(supervisor, 1));
            string[] withOne = await SettledAsync(process.Id, null);
            while (peers.Count < Peers)
            {
                peers.Add(await ConnectAndTalkAsync(supervisor, peers.Count + 1));
            }

            string[] withAll = await SettledAsync(process.Id, withOne);

            Assert.Equal(withOne, withAll);
            Assert.Equal(2, withAll.Count(static name => name == "ipc rings")); // who reads, and its standby
        }
        finally
        {
            foreach (WorkerTransport peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }

    private static async Task<WorkerTransport> ConnectAndTalkAsync(TestSupervisor supervisor, int number)
    {
        PeerId id = PeerId.Worker("worker", number, 1);
        var receiver = new TestReceiver();
        WorkerTransport peer = await supervisor.ConnectAsync(id, supervisor.Expect(id), receiver);
        OutboundLane lane = await peer.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        Assert.Equal(LaneBacking.SharedMemory, lane.Backing);
        for (int i = 1; i <= 20; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 101, FrameKind.Request));
            Assert.Equal(i, (await receiver.NextAsync()).Number);
        }

        return peer;
    }

    /// <summary>The names of a process's threads once the pool's workers have ended, and, as long as there is patience, until they are those that are expected.</summary>
    private static async Task<string[]> SettledAsync(int processId, string[]? expected)
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (true)
        {
            string[] names = NamesOf(processId);
            bool isSettled = !names.Contains(".NET TP Worker") && (expected is null || names.SequenceEqual(expected));
            if (isSettled || patience.IsCancellationRequested)
            {
                return names;
            }

            await Task.Delay(10);
        }
    }

    /// <summary>All but the pool's gate, of which a process has one or none: it looks at the pool for a while after the last worker.</summary>
    private static string[] NamesOf(int processId)
    {
        var names = new List<string>();
        foreach (string thread in Directory.GetDirectories($"/proc/{processId}/task"))
        {
            try
            {
                string name = File.ReadAllText(Path.Join(thread, "comm")).TrimEnd();
                if (name != ".NET TP Gate")
                {
                    names.Add(name);
                }
            }
            catch (IOException)
            {
                // it has ended meanwhile
            }
        }

        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }
}
