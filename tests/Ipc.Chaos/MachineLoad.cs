using System.Globalization;

namespace Ipc.Chaos;

/// <summary>How much more work than cores the machine has had.</summary>
internal sealed class MachineLoad
{
    private static readonly TimeSpan SlackOfAnIdleMachine = TimeSpan.FromSeconds(3);

    private double _most;

    /// <summary>What the machine may add to a time: it grows with the threads that wait for a core.</summary>
    public TimeSpan Slack => SlackOfAnIdleMachine * Math.Max(1, _most / Environment.ProcessorCount);

    /// <summary>Looks at the load average of the last minute.</summary>
    public void Observe() => _most = Math.Max(_most, double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));
}
