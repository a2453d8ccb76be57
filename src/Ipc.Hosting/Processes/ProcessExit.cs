namespace Ipc.Processes;

/// <summary>How a process ended, in words.</summary>
internal static class ProcessExit
{
    private const int SignalBase = 128;

    /// <summary>For example <c>was ended by SIGKILL</c> or <c>exited with code 3</c>. A code of 128+n is read as signal n, as shells do.</summary>
    public static string Describe(int exitCode)
    {
        return SignalOf(exitCode) is { } signal ? $"was ended by {SignalName(signal)}" : $"exited with code {exitCode}";
    }

    /// <summary>The signal that an exit code means; nothing when it means none.</summary>
    public static int? SignalOf(int exitCode) => !OperatingSystem.IsWindows() && SignalName(exitCode - SignalBase) is not null ? exitCode - SignalBase : null;

    private static string? SignalName(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT (an unhandled exception ends .NET programs so)",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        31 => "SIGSYS",
        _ => null,
    };
}
