namespace Ipc.Transports;

/// <summary>How a worker reaches its supervisor.</summary>
public sealed record WorkerTransportOptions
{
    /// <summary>The supervisor's endpoint, as its <see cref="WorkerTicket"/> says.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The secret of the <see cref="WorkerTicket"/>; works once.</summary>
    public required string Secret { get; init; }

    /// <summary>Who this process is.</summary>
    public required PeerId Self { get; init; }

    /// <summary>What bounds frames and handshakes; the same numbers as the supervisor's.</summary>
    public TransportLimits Limits { get; init; } = new();
}
