namespace Ipc.Transports.Rings;

/// <summary>Lets tests stop a process between two stores. Off unless the switch is set before the first ring is made; then nothing of it is left in compiled code.</summary>
internal static class KillPoints
{
    /// <summary>Name of the <see cref="AppContext"/> switch.</summary>
    public const string Switch = "Ipc.Transports.Rings.KillPoints";

    /// <summary>Whether kill points are on: a constant for the compiler.</summary>
    public static readonly bool AreOn = AppContext.TryGetSwitch(Switch, out bool isOn) && isOn;
}
