namespace Ipc;

/// <summary>The names under which a cluster reports about itself.</summary>
public static class IpcDiagnostics
{
    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "Ipc";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Ipc";
}
