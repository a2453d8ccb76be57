using Xunit.Abstractions;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>What the tests say of explorations.</summary>
internal static class ExplorationChecks
{
    /// <summary>No schedule goes wrong; the test's output says how many there were.</summary>
    public static void Holds(this ITestOutputHelper output, Func<Explorer, Scenario> make, int preemptions)
    {
        Exploration exploration = Explorer.Explore(make, preemptions);
        output.WriteLine($"{exploration.Schedules} schedules with at most {preemptions} preemptions at up to {exploration.Points} places");
        Assert.True(exploration.Violation is null, exploration.Violation); // with all its steps
        Assert.True(exploration.Schedules > 10, "the explorer has lost its teeth: there was hardly anything to choose");
    }

    /// <summary>With one fence of the product taken away a schedule goes wrong, in this way.</summary>
    public static void Finds(this ITestOutputHelper output, Func<Explorer, Scenario> make, int preemptions, string withoutFence, string verdict)
    {
        Exploration exploration = Explorer.Explore(make, preemptions, withoutFence);
        output.WriteLine($"without the fence of {withoutFence}, found in schedule {exploration.Schedules}: {exploration.Violation}");
        Assert.StartsWith(verdict, exploration.Violation, StringComparison.Ordinal);
    }
}
