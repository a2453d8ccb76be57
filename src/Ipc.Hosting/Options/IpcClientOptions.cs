namespace Ipc;

/// <summary>The options of a client: defaults, then the configuration section <c>Ipc</c>, then code.</summary>
public sealed class IpcClientOptions : IpcPeerOptions
{
    /// <summary>Under which name this client joins: 1 to 64 letters, digits, <c>.</c>, <c>-</c>, <c>_</c>. Several may have the same. Default: the application's name.</summary>
    public string? Name { get; set; }

    /// <summary>Whose endpoint it is, by the user's name or number. Default <see langword="null"/>: this process's user.</summary>
    public string? User { get; set; }

    /// <summary>The folder of the endpoint's socket, absolute; the same as the cluster's <c>Ipc:Clients:Folder</c>. Default: <c>/tmp/ipc-</c> and the number of <see cref="User"/>.</summary>
    public string? Folder { get; set; }

    /// <summary>
    /// Whether this process makes the endpoint where nobody has it, so that two plain programs can talk; when it leaves, another client that says so takes the endpoint over. Default
    /// <see langword="false"/>.
    /// </summary>
    public bool HostIfAbsent { get; set; }

    /// <summary>
    /// The longest pause between two attempts to connect; the first is 50 ms, and then it doubles, each with up to a quarter more by chance. 50 milliseconds to an hour. Default 5 seconds.
    /// </summary>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(5);
}
