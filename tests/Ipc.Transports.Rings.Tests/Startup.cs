using System.Runtime.CompilerServices;

namespace Ipc.Transports.Rings.Tests;

internal static class Startup
{
    // Before the first ring is made: the switch is a constant for the compiler.
    [ModuleInitializer]
    internal static void SwitchKillPointsOn() => AppContext.SetSwitch(KillPoints.Switch, true);
}
