using System.Globalization;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What workers have started does not outlive them.</summary>
public sealed class GrandchildrenTests
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    [Fact]
    public async Task What_a_worker_has_started_ends_with_it_unless_it_has_left_its_process_group()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Assert.Equal(3, workers.Values.Append(cluster.ProcessId).Distinct().Count());

        // A child, a grandchild whose parent has ended, and one with a session of its own.
        int[] started = await SpawnAsync(cluster, 1, "sleep 1000 & echo $!; (sleep 1000 & echo $!); setsid sleep 1000 & echo $!");
        int[] others = await SpawnAsync(cluster, 0, "sleep 1000 & echo $!");
        Assert.All([.. started, .. others], pid => Assert.True(ClusterProcess.IsAlive(pid)));
        try
        {
            ClusterProcess.Signal(workers["worker/1"], SigKill);
            await ClusterProcess.UntilAsync(() => !started[..2].Any(ClusterProcess.IsAlive), "child and grandchild are gone");
            await cluster.WaitForLineAsync(l => l.Contains("worker/1#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));
            Assert.True(ClusterProcess.IsAlive(others[0]));
            Assert.True(ClusterProcess.IsAlive(started[2]));

            // An orderly end is an end too.
            ClusterProcess.Signal(cluster.ProcessId, SigTerm);
            Assert.Equal(0, await cluster.ExitAsync());
            await ClusterProcess.UntilAsync(() => !ClusterProcess.IsAlive(others[0]), "the child of the other worker is gone");
        }
        finally
        {
            // The last one is ours to end; of the others none is left unless something is wrong.
            Array.ForEach([.. started, .. others], pid =>
            {
                if (ClusterProcess.IsAlive(pid))
                {
                    ClusterProcess.Signal(pid, SigKill);
                }
            });
        }
    }

    private static async Task<int[]> SpawnAsync(ClusterProcess cluster, int worker, string command) =>
        [.. (await cluster.CommandAsync($"spawn {worker} {command}")).Split(' ').Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];
}
