using System.Net.Sockets;

namespace Ipc.Transports;

/// <summary>How the supervisor's end of the transport works.</summary>
public sealed record SupervisorTransportOptions
{
    /// <summary>The cluster's name, a part of the control socket's name as <c>ss -xl</c> shows it; at most 64 ASCII characters. Default none.</summary>
    public string Name { get; init; } = "";

    /// <summary>What bounds frames, rings, shared memory and handshakes.</summary>
    public TransportLimits Limits { get; init; } = new();

    /// <summary>Whether lanes use shared memory where it works; otherwise every lane goes over the pipe. Default <see langword="true"/>.</summary>
    public bool UseSharedMemory { get; init; } = true;

    /// <summary>Who may join from outside; <see langword="null"/>, the default, when nobody may.</summary>
    public ClientAccess? Clients { get; init; }

    /// <summary>
    /// Takes the connections to the clients' endpoint that begin with text, and what has been read from them; called on the control thread, and to return at once. Default
    /// <see langword="null"/>: they are closed.
    /// </summary>
    public Action<Socket, byte[]>? OnText { get; init; }
}
