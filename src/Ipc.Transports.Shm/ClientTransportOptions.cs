namespace Ipc.Transports;

/// <summary>How a client reaches an endpoint.</summary>
public sealed record ClientTransportOptions
{
    /// <summary>The endpoint's socket, see <see cref="EndpointPath"/>.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Whose endpoint it is to be, by the number of the user; <see langword="null"/> when it is this process's user.</summary>
    public uint? OwnerId { get; init; }

    /// <summary>The client's name: letters, digits, <c>.</c>, <c>-</c>, <c>_</c>, at most 64. Several may have the same.</summary>
    public required string Name { get; init; }

    /// <summary>What bounds frames and handshakes.</summary>
    public TransportLimits Limits { get; init; } = new();
}
