using System.Runtime.Versioning;

namespace Ipc.Processes;

/// <summary>Which lifeline a system has.</summary>
/// <param name="isSystem">Whether this is the system of a name, as <see cref="OperatingSystem.IsOSPlatform"/> says.</param>
internal sealed class Lifeline(Func<string, bool> isSystem)
{
    /// <summary>That of the system that this process runs on.</summary>
    public static ILifeline OfThisSystem { get; } = new Lifeline(OperatingSystem.IsOSPlatform).Choose();

    [SupportedOSPlatformGuard("linux")]
    private bool IsLinux => isSystem("linux");

    [SupportedOSPlatformGuard("macos")]
    private bool IsMac => isSystem("macos");

    [SupportedOSPlatformGuard("windows")]
    private bool IsWindows => isSystem("windows");

    /// <summary>On a system without one, nothing ties: its closed control connection tells a worker.</summary>
    public ILifeline Choose()
    {
        if (IsLinux)
        {
            return new LinuxLifeline();
        }

        if (IsMac)
        {
            return new MacLifeline();
        }

        return IsWindows ? new WindowsLifeline() : new NoLifeline();
    }
}
