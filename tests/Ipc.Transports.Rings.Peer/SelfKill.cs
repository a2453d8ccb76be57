using System.Runtime.InteropServices;

namespace Ipc.Transports.Rings.Peer;

/// <summary>Kills this process at a named point, on its n-th pass.</summary>
internal static partial class SelfKill
{
    private const int Kill = 9;

    /// <summary>What the arguments "kill" and "passes" say.</summary>
    public static RingLoopOptions Options(Arguments arguments)
    {
        string? killPoint = arguments.Text("kill");
        int passes = arguments.Number("passes", 1);
        return new RingLoopOptions
        {
            KillPoints = point =>
            {
                if (point.ToString() == killPoint && Interlocked.Decrement(ref passes) == 0)
                {
                    _ = Signal(Environment.ProcessId, Kill);
                }
            },
        };
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
