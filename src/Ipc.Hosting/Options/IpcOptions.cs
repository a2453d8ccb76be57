namespace Ipc;

/// <summary>The options of a cluster: defaults, then the configuration section <c>Ipc</c>, then code.</summary>
public sealed class IpcOptions : IpcPeerOptions
{
    /// <summary>The configuration section that is bound: <c>Ipc</c>.</summary>
    public const string SectionName = "Ipc";

    /// <summary>Where the workers run. Default <see cref="IpcMode.Processes"/>.</summary>
    public IpcMode Mode { get; set; }

    /// <summary>Size in bytes of the shared-memory ring from one peer to one inbox, a power of two from 64 KiB to 1 GiB. Default 1 MiB.</summary>
    public int RingSize { get; set; } = 1 << 20;

    /// <summary>How much shared memory the cluster may use, in bytes; beyond it messages go over pipes, 0 always. Default 1 GiB.</summary>
    public long SharedMemoryLimit { get; set; } = 1L << 30;

    /// <summary>Who may join from outside, see <c>AddIpcClient</c>. Default nobody.</summary>
    public IpcClientsOptions Clients { get; set; } = new();

    /// <summary>The group <c>worker</c>. It exists unless <see cref="Groups"/> names other groups and its count is not set.</summary>
    public IpcGroupOptions Workers { get; set; } = new();

    /// <summary>Further groups by name: lower-case letters, digits, <c>.</c>, <c>-</c>, <c>_</c>; at most 64 characters.</summary>
    public IDictionary<string, IpcGroupOptions> Groups { get; } = new Dictionary<string, IpcGroupOptions>(StringComparer.Ordinal);
}
