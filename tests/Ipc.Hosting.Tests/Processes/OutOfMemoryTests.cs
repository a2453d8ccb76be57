using Ipc.Processes;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>A kernel that kills a worker for want of memory, as in a container with a limit.</summary>
public sealed class OutOfMemoryTests
{
    private const int SigKill = 9;
    private const long Limit = 512 << 20;

    [Fact]
    public async Task That_memory_ran_out_is_said_when_the_kernel_has_killed_for_that_and_not_when_somebody_else_has_killed()
    {
        string[] program = ["dotnet", ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--Ipc:Workers:Count=1", "--Ipc:Workers:Restart:MinDelay=00:00:00", "events"];
        await using MemoryGroup? group = MemoryGroup.TryMake(Limit);
        await using ClusterProcess cluster = group is null
            ? ClusterProcess.StartWithoutWaiting(program[0], program[1..])
            : ClusterProcess.StartWithoutWaiting("sh", group.Enter(program));
        await cluster.WaitForLineAsync(l => l == $"supervisor {cluster.ProcessId} is ready");
        int first = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEqual(cluster.ProcessId, first);

        if (group is null)
        {
            // Nobody can have the kernel do it here; what counts such kills may be there to read all the same.
            ClusterProcess.Signal(first, SigKill);
            await Hears(cluster, $"supervisor hears WORKER.EXIT worker/0#1 pid={first} code=137 signal=9 ", $" reason=was ended by SIGKILL{NotCounted}");
            return;
        }

        await cluster.CommandAsync("end 0 memory");
        await Hears(
            cluster,
            $"supervisor hears WORKER.EXIT worker/0#1 pid={first} code=137 signal=9 asked=False ready=True ran=True running=[app.end] lost=[app.end] outcome=Restarted ",
            " reason=was ended by SIGKILL, by the kernel, because memory ran out");

        Assert.StartsWith("worker/0#2 ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);
        int second = (await cluster.WorkersAsync())["worker/0"];
        ClusterProcess.Signal(second, SigKill);
        await Hears(cluster, $"supervisor hears WORKER.EXIT worker/0#2 pid={second} code=137 signal=9 ", " reason=was ended by SIGKILL");
    }

    /// <summary>What the reason says where no cgroup counts: a system that hides its cgroups from this process hides them from a worker.</summary>
    private static string NotCounted => new OomKills().Find(Environment.ProcessId) is null ? $" ({OomKills.NotCounted})" : "";

    private static Task<string> Hears(ClusterProcess cluster, string beginning, string end) =>
        cluster.WaitForLineAsync(l => l.Contains(beginning, StringComparison.Ordinal) && l.EndsWith(end, StringComparison.Ordinal));
}
