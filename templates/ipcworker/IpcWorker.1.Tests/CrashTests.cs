using System.Diagnostics;
using System.Text.RegularExpressions;

namespace IpcWorker._1.Tests;

/// <summary>The real program with real processes, one of which is killed.</summary>
public sealed partial class CrashTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_killed_worker_is_replaced_and_greets_again()
    {
        using Process program = Start();
        try
        {
            using var limit = new CancellationTokenSource(Deadline);
            (string worker, int killed) = await NextGreetingAsync(program, greeting => true, limit.Token);

            // kill -9: nothing in the worker can clean up.
            Process.GetProcessById(killed).Kill();

            (_, int successor) = await NextGreetingAsync(program, greeting => greeting.Worker == worker && greeting.ProcessId != killed, limit.Token);
            Assert.NotEqual(killed, successor);
        }
        finally
        {
            // The workers end with their supervisor, however it ends.
            program.Kill();
            await program.WaitForExitAsync();
        }
    }

    private static Process Start()
    {
        string program = typeof(Greet).Assembly.Location;
        return Process.Start(new ProcessStartInfo("dotnet", [program, "--Ipc:Workers:Count=2"]) { RedirectStandardOutput = true })!;
    }

    private static async Task<(string Worker, int ProcessId)> NextGreetingAsync(
        Process program, Func<(string Worker, int ProcessId), bool> wanted, CancellationToken cancellationToken)
    {
        while (await program.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            Match match = GreetingLine().Match(line);
            if (match.Success && wanted((match.Groups[1].Value, int.Parse(match.Groups[2].Value))))
            {
                return (match.Groups[1].Value, int.Parse(match.Groups[2].Value));
            }
        }

        throw new InvalidOperationException("The program ended.");
    }

    [GeneratedRegex(@"^worker (\d+) \(process (\d+)\)")]
    private static partial Regex GreetingLine();
}
