using System.Diagnostics;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>The reference clients for Node and Python in a real cluster, until its supervisor is killed.</summary>
public sealed class ScriptClientTests : IDisposable
{
    private const int SigKill = 9;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _markers = new(StringComparer.Ordinal) { ["node"] = Path.GetTempFileName(), ["python3"] = Path.GetTempFileName() };

    public void Dispose()
    {
        foreach (string marker in _markers.Values)
        {
            File.Delete(marker);
        }
    }

    [Fact]
    public async Task A_script_registers_calls_ten_thousand_times_at_once_is_sent_messages_and_hears_that_the_server_has_died()
    {
        string endpoint = $"scripts-{Guid.NewGuid():N}";
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", $"--Ipc:Endpoint={endpoint}", "--Ipc:Clients:Enabled=true");
        string socket = EndpointPath.Of(EndpointPath.FolderOf(), endpoint);
        try
        {
            Task<string>[] scripts = [RunAsync("node", "scenario.mjs", socket), RunAsync("python3", "scenario.py", socket)];
            await ClusterProcess.UntilAsync(() => scripts.Any(s => s.IsCompleted) || _markers.Values.All(marker => File.ReadAllText(marker) == "started\n"), "both wait", Deadline);
            ClusterProcess.Signal(cluster.ProcessId, SigKill);
            foreach (string output in await Task.WhenAll(scripts).WaitAsync(Deadline))
            {
                string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.StartsWith("registered client ", lines[1], StringComparison.Ordinal);
                Assert.Equal(
                    [
                        "nobody NotRunning",
                        lines[1],
                        "add 15",
                        "time 120 later",
                        "calls 10000",
                        "text Grüße, 世界 𝄞",
                        "unknown There is no method \"addd\". Did you mean \"add\"?",
                        "closed NotAllowed",
                        "wrong BadMessage",
                        "throws ListenerFailed System.InvalidTimeZoneException why",
                        "late Timeout",
                        "news Grüße from worker/1#1",
                        "waiting",
                        "ended PeerGone",
                        "afterwards PeerGone",
                    ],
                    lines);
            }
        }
        finally
        {
            File.Delete(socket); // what a killed supervisor leaves
        }
    }

    private async Task<string> RunAsync(string program, string script, string socket)
    {
        var info = new ProcessStartInfo(program, [RepositoryFile.Find($"tests/clients/{script}"), socket, program, _markers[program]]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        Assert.NotEqual(Environment.ProcessId, process.Id);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{output}\n{await error}");
        return output;
    }
}
