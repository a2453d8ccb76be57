using Ipc.Transports.Interleavings.Tests;

namespace Ipc.Transports.Rings;

/// <summary>Takes the place of <see cref="System.Threading.Monitor"/>: who waits leaves the lock of the lock statement and the schedule.</summary>
internal static class Monitor
{
    private static readonly Dictionary<object, int> Pulses = [];

    public static void Wait(object gate)
    {
        if (Explorer.Current is null)
        {
            System.Threading.Monitor.Wait(gate);
            return;
        }

        int seen = Count(gate);
        System.Threading.Monitor.Exit(gate);
        try
        {
            Explorer.Until(() => Count(gate) != seen, "Wait");
        }
        finally
        {
            System.Threading.Monitor.Enter(gate);
        }
    }

    public static void Pulse(object gate) => PulseAll(gate); // the product's waiters look again in a loop

    public static void PulseAll(object gate)
    {
        lock (Pulses)
        {
            Pulses[gate] = Count(gate) + 1;
        }

        Explorer.Changed();
        System.Threading.Monitor.PulseAll(gate);
    }

    private static int Count(object gate)
    {
        lock (Pulses)
        {
            return Pulses.GetValueOrDefault(gate);
        }
    }
}
