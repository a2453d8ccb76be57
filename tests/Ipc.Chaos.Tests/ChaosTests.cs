using System.Diagnostics;
using Xunit;

namespace Ipc.Chaos.Tests;

/// <summary>A short run of the chaos program; <c>./build.sh chaos --minutes N</c> makes long ones.</summary>
public sealed class ChaosTests
{
    [Theory]
    [InlineData("shm")]
    [InlineData("pipe")]
    public async Task The_laws_hold_while_workers_are_killed_and_stopped(string transport)
    {
        string program = Path.Combine(AppContext.BaseDirectory.Replace("Ipc.Chaos.Tests", "Ipc.Chaos", StringComparison.Ordinal), "Ipc.Chaos.dll");
        var info = new ProcessStartInfo("dotnet", [program, "--seconds", "10", "--seed", "1", "--transport", transport]) { RedirectStandardOutput = true };
        using Process chaos = Process.Start(info)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            string output = await chaos.StandardOutput.ReadToEndAsync(limit.Token);
            await chaos.WaitForExitAsync(limit.Token);
            Assert.True(chaos.ExitCode == 0, output);
            Assert.EndsWith("1 rounds, 0 violations, seed 1", output.TrimEnd(), StringComparison.Ordinal);
        }
        finally
        {
            if (!chaos.HasExited)
            {
                chaos.Kill(entireProcessTree: true);
            }
        }
    }
}
