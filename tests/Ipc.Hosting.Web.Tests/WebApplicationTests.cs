using System.Globalization;
using System.Net.Http.Json;
using Ipc.Hosting.Tests.Processes;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace Ipc.Hosting.Web.Tests;

public sealed class WebApplicationTests
{
    [Fact]
    public async Task In_a_web_application_the_supervisor_serves_HTTP_and_the_workers_never_open_the_port()
    {
        string app = AppContext.BaseDirectory.Replace("Ipc.Hosting.Web.Tests", "Ipc.Hosting.WebApp", StringComparison.Ordinal);
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [Path.Combine(app, "Ipc.Hosting.WebApp.dll"), "--Ipc:Workers:Count=2"],
            info =>
            {
                info.WorkingDirectory = app;
                info.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
            });
        string line = await cluster.WaitForLineAsync(l => l.Contains("Now listening on: ", StringComparison.Ordinal));
        await cluster.WaitForLineAsync(l => l.Contains("worker x2 pids", StringComparison.Ordinal));
        using var http = new HttpClient { BaseAddress = new Uri(line[(line.IndexOf("http", StringComparison.Ordinal))..].Trim()) };

        string served = await http.GetStringAsync("/pid");
        int[] workers = (await http.GetFromJsonAsync<int[]>("/workers"))!;

        Assert.Equal(cluster.ProcessId.ToString(CultureInfo.InvariantCulture), served);
        Assert.Equal(2, workers.Distinct().Count());
        Assert.DoesNotContain(cluster.ProcessId, workers);
        Assert.Single(cluster.Output.Split('\n'), l => l.Contains("Now listening on: ", StringComparison.Ordinal));
        Assert.All(workers, pid => Assert.Empty(ListeningInodesOf(pid)));
        Assert.NotEmpty(ListeningInodesOf(cluster.ProcessId));
    }

    [Fact]
    public async Task WebApplicationFactory_over_it_starts_no_process_and_the_cluster_runs_in_the_test()
    {
        await using var factory = new WebApplicationFactory<Program>();
        using HttpClient http = factory.CreateClient();

        int[] workers = (await http.GetFromJsonAsync<int[]>("/workers"))!;

        Assert.NotEmpty(workers);
        Assert.All(workers, pid => Assert.Equal(Environment.ProcessId, pid));
        Assert.DoesNotContain(ChildrenOf(Environment.ProcessId), c => c.Contains("Ipc.Hosting.WebApp", StringComparison.Ordinal));
    }

    /// <summary>TCP sockets in state LISTEN that the process has open.</summary>
    private static string[] ListeningInodesOf(int processId)
    {
        var listening = File.ReadAllLines("/proc/net/tcp").Concat(File.ReadAllLines("/proc/net/tcp6"))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == "0A")
            .Select(f => f[9])
            .ToHashSet();
        return [.. Directory.GetFiles($"/proc/{processId}/fd")
            .Select(f => new FileInfo(f).LinkTarget ?? "")
            .Where(t => t.StartsWith("socket:[", StringComparison.Ordinal) && listening.Contains(t[8..^1]))];
    }

    /// <summary>Command lines of the processes that this one started.</summary>
    private static IEnumerable<string> ChildrenOf(int processId)
    {
        foreach (string folder in Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            string? commandLine = null;
            try
            {
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string parent = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
                commandLine = parent == processId.ToString(CultureInfo.InvariantCulture) ? File.ReadAllText(Path.Combine(folder, "cmdline")) : null;
            }
            catch (IOException)
            {
                // The process has ended between the listing and the look at it.
                continue;
            }

            if (commandLine is not null)
            {
                yield return commandLine;
            }
        }
    }
}
