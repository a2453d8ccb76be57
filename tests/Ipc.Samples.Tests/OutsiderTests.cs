using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ipc.Samples.Tests;

/// <summary>The Outsider joins a running Quickstart: two programs that know nothing of each other's processes.</summary>
public sealed class OutsiderTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task It_joins_a_running_Quickstart_is_answered_and_is_told_no_where_it_may_not()
    {
        string endpoint = $"t{Guid.NewGuid().ToString("N")[..12]}";
        string folder = $"/tmp/ipc-{endpoint}";
        using Process quickstart = CommandRun.Start("env", ["--default-signal=INT", "dotnet", .. SampleProgram.Command("Quickstart", $"--Ipc:Endpoint={endpoint}", $"--Ipc:Clients:Folder={folder}")]);
        using var limit = new CancellationTokenSource(Deadline);
        var said = new List<string>();
        try
        {
            Task reading = ReadAsync();
            CommandRun run = await CommandRun.RunAsync(
                "dotnet", SampleProgram.Command("Outsider", $"--Ipc:Endpoint={endpoint}", $"--Ipc:Folder={folder}", "--once"), Deadline);
            Assert.True(run.ExitCode == 0, run.Output + run.Error);
            Match own = Regex.Match(run.Output, @"I am client outsider#\d+, process (\d+)\. A worker says that it is \w+, \d\d:\d\d\.");
            Assert.True(own.Success, run.Output);
            Assert.Contains("NotAllowed: worker/1#", run.Output, StringComparison.Ordinal);
            Assert.Matches(@"worker/0#\d answers: ""who are you\?"" is a good question", run.Output);

            await WaitForAsync("\"hello from outside\" from client outsider#");
            Match worker = Regex.Match(string.Join('\n', Lines()), @"pid (\d+)\] heard ""hello from outside"" from client outsider#");
            Assert.NotEqual(own.Groups[1].Value, worker.Groups[1].Value);

            Process.Start("kill", ["-INT", $"{quickstart.Id}"]).WaitForExit();
            await quickstart.WaitForExitAsync(limit.Token);
            await reading;
            Assert.True(quickstart.ExitCode == 0, string.Join('\n', said));
            Assert.False(File.Exists($"{folder}/{endpoint}.sock"));
        }
        finally
        {
            if (!quickstart.HasExited)
            {
                quickstart.Kill(entireProcessTree: true);
            }

            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        async Task ReadAsync()
        {
            while (await quickstart.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                lock (said)
                {
                    said.Add(line);
                }
            }
        }

        string[] Lines()
        {
            lock (said)
            {
                return [.. said];
            }
        }

        async Task WaitForAsync(string text)
        {
            while (!Lines().Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
