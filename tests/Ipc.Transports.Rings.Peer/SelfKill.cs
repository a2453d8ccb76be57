using System.Runtime.InteropServices;

namespace Ipc.Transports.Rings.Peer;

/// <summary>Kills this process, or stops it, at a named point, on its n-th pass.</summary>
internal static partial class SelfKill
{
    private const int Kill = 9;

    /// <summary>What the arguments "kill", "passes" and "signal" say.</summary>
    public static RingLoopOptions Options(Arguments arguments)
    {
        string? killPoint = arguments.Text("kill");
        int passes = arguments.Number("passes", 1);
        int signal = arguments.Number("signal", Kill);
        return new RingLoopOptions
        {
            KillPoints = point =>
            {
                if (point.ToString() == killPoint && Interlocked.Decrement(ref passes) == 0)
                {
                    _ = Signal(Environment.ProcessId, signal);
                }
            },
        };
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
