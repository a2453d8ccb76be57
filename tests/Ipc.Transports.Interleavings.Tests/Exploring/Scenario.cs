namespace Ipc.Transports.Interleavings.Tests;

/// <summary>What runs in every schedule: made anew for each, on the thread of the test; its constructor spawns the threads.</summary>
internal abstract class Scenario : IDisposable
{
    /// <summary>Called when no thread can go on any more.</summary>
    /// <returns>What is wrong; null when all is as it must be.</returns>
    public abstract string? Verdict();

    /// <summary>Gives the memory back; no thread of the schedule runs any more.</summary>
    public abstract void Dispose();
}
