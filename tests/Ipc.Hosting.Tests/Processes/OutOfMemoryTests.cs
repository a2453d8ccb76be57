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
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.ThrowsAny<UnauthorizedAccessException>(() => new MemoryGroup(Limit)); // only root can have the kernel do it
            return;
        }

        await using var group = new MemoryGroup(Limit);
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "sh",
            group.Enter("dotnet", ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--Ipc:Workers:Count=1", "--Ipc:Workers:Restart:MinDelay=00:00:00", "events"));
        await cluster.WaitForLineAsync(l => l == $"supervisor {cluster.ProcessId} is ready");
        int first = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEqual(cluster.ProcessId, first);

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

    private static Task<string> Hears(ClusterProcess cluster, string beginning, string end) =>
        cluster.WaitForLineAsync(l => l.Contains(beginning, StringComparison.Ordinal) && l.EndsWith(end, StringComparison.Ordinal));
}
