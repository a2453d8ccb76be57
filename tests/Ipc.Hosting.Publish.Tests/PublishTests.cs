using System.Diagnostics;
using System.Reflection;
using Ipc.Hosting.Tests.Processes;
using Xunit;

namespace Ipc.Hosting.Publish.Tests;

/// <summary>The ways to start a program: each starts real workers, whose process ids differ.</summary>
public sealed class PublishTests(PublishFolder folder) : IClassFixture<PublishFolder>
{
    private static readonly string Project = Path.GetFullPath(Metadata("TestApp"));

    [Fact]
    public async Task Dotnet_run_starts_real_workers()
    {
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet", ["run", "--no-build", "--configuration", Metadata("Configuration"), "--project", Project, "--", "--Ipc:Workers:Count=2"]);

        await AssertRealWorkersAsync(cluster);
    }

    [Fact]
    public async Task A_single_file_program_starts_real_workers() =>
        await PublishAndRunAsync("single", "-p:PublishSingleFile=true", "--no-self-contained");

    [Fact]
    public async Task A_fully_trimmed_program_starts_real_workers() =>
        await PublishAndRunAsync("trimmed", "-p:FullyTrimmed=true");

    private async Task PublishAndRunAsync(string name, params string[] options)
    {
        string output = Path.Combine(folder.Path, name);
        string[] command = ["publish", Project, "-c", "Release", "-r", "linux-x64", "-o", output, "--artifacts-path", folder.Artifacts, "-nologo", .. options];
        (int code, string log) = await RunAsync("dotnet", command);
        Assert.True(code == 0, log);
        Assert.DoesNotContain("warning IL", log, StringComparison.Ordinal);

        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(Path.Combine(output, "Ipc.Hosting.TestApp"), ["--Ipc:Workers:Count=2"]);
        await AssertRealWorkersAsync(cluster);
    }

    private static async Task AssertRealWorkersAsync(ClusterProcess cluster)
    {
        await cluster.WaitForLineAsync(l => l.EndsWith("is ready", StringComparison.Ordinal) && l.StartsWith("supervisor", StringComparison.Ordinal));
        Dictionary<string, int> workers = await cluster.WorkersAsync();

        Assert.Equal(["worker/0", "worker/1"], workers.Keys.Order());
        Assert.Equal(3, workers.Values.Append(cluster.ProcessId).Distinct().Count());
        Assert.All(workers.Values, pid => Assert.True(ClusterProcess.IsAlive(pid)));
        Assert.Equal($"{workers["worker/0"]}", await cluster.CommandAsync("call")); // by the proxy of a contract, which no reflection finds
        await cluster.CommandAsync("stop");
        Assert.Equal(0, await cluster.ExitAsync());
        Assert.DoesNotContain(workers.Values, ClusterProcess.IsAlive);
    }

    private static async Task<(int Code, string Log)> RunAsync(string file, IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    private static string Metadata(string key) =>
        typeof(PublishTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
