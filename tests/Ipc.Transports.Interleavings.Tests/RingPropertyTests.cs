using System.Globalization;
using Xunit.Abstractions;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>Random sequences against a queue: what was accepted starts once, in order, or is reported; what was given up never starts.</summary>
public sealed class RingPropertyTests(ITestOutputHelper output)
{
    private const int Sequences = 150;

    [Fact]
    public void What_is_accepted_starts_once_in_order_or_is_reported_wherever_its_readers_die()
    {
        // IPC_SEED=n runs other sequences; a failure names the one that failed.
        int first = int.Parse(Environment.GetEnvironmentVariable("IPC_SEED") ?? "1", CultureInfo.InvariantCulture);
        int deaths = 0;
        int accepted = 0;
        for (int seed = first; seed < first + Sequences; seed++)
        {
            using var model = new RingModel(seed);
            try
            {
                model.Run(steps: 120);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"IPC_SEED={seed}: {e.Message}", e);
            }

            deaths += model.Deaths;
            accepted += model.Accepted;
        }

        output.WriteLine($"seeds {first} to {first + Sequences - 1}: {accepted} frames accepted, {deaths} readers died");
        Assert.True(deaths > Sequences / 4, "hardly any reader died");
    }
}
