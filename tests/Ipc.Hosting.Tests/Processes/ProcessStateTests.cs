using Ipc.Processes;
using Ipc.Transports.Memory;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Whether a process can run, by files that a test writes.</summary>
public sealed class ProcessStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Theory]
    [InlineData("7 (dotnet) S 1", true)]
    [InlineData("7 (dotnet) R 1", true)]
    [InlineData("7 (dotnet) D 1", true)]
    [InlineData("7 (dotnet) T 1", false)]
    [InlineData("7 (dotnet) t 1", false)]
    [InlineData("7 (dotnet) Z 1", false)]
    [InlineData("7 (a) T (b) S 1", true)]
    [InlineData("", false)]
    public void A_process_that_is_stopped_traced_or_gone_cannot_run(string stat, bool expected) => Assert.Equal(expected, State(stat).CanRun());

    [Theory]
    [InlineData("0::/a/b\n", "a/b/cgroup.events", "populated 1\nfrozen 0\n", "populated 1\nfrozen 1\n")]
    [InlineData("6:freezer:/a\n0::/\n", "freezer/a/freezer.state", "THAWED\n", "FROZEN\n")]
    public void A_process_whose_group_is_frozen_cannot_run(string membership, string file, string thawed, string frozen)
    {
        string path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, thawed);
        ProcessState state = State("7 (dotnet) S 1", membership);

        Assert.True(state.CanRun());
        File.WriteAllText(path, frozen);
        Assert.False(state.CanRun());
    }

    [Fact]
    public void This_process_can_run() => Assert.True(ProcessState.Of(Environment.ProcessId).CanRun());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ProcessState State(string stat, string membership = "0::/\n")
    {
        string file = Path.Combine(_folder, "stat");
        string groups = Path.Combine(_folder, "cgroup");
        File.WriteAllText(file, stat);
        File.WriteAllText(groups, membership);
        return new ProcessState(file, new Cgroup(groups, _folder));
    }
}
