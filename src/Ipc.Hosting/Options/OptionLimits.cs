namespace Ipc.Options;

/// <summary>The bounds of options; the documentation of <see cref="IpcOptions"/> and the schema for editors say the same.</summary>
internal static class OptionLimits
{
    public const int MaxCount = 1024;

    public static readonly TimeSpan MinHangTimeout = TimeSpan.FromSeconds(0.1);

    public const int MaxRestarts = 10_000;

    public const int MinMessageSize = 1 << 10;

    public const int MaxMessageSize = 1 << 30;

    public const int MinPendingMessages = 16;

    public const int MaxPendingMessages = 65_536;

    public const int MinRingSize = 64 << 10;

    public const int MaxRingSize = 1 << 30;

    public const int MaxWaitBudget = 100_000;

    public const int MaxClients = 10_000;

    public static readonly TimeSpan MinReconnectDelay = TimeSpan.FromMilliseconds(50);

    public static readonly TimeSpan MaxReconnectDelay = TimeSpan.FromHours(1);

    /// <summary>The values of <see cref="IpcGroupOptions.Output"/>, in words.</summary>
    public const string Outputs = "Log or PassThrough";

    /// <summary>The values of <see cref="IpcOptions.Mode"/>, in words.</summary>
    public const string Modes = "Processes, InProcess or Off";

    /// <summary>The values of <see cref="IpcGroupOptions.DumpType"/>, in words.</summary>
    public const string DumpTypes = "Mini, Heap, Triage or Full";
}
