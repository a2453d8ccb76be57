namespace Ipc.Transports;

/// <summary>What a worker process needs to connect to its supervisor, once.</summary>
/// <param name="Endpoint">Name of the supervisor's abstract Unix socket: <c>ipc-</c>, the cluster's name, <c>-</c>, 32 hexadecimal digits; it is no file and goes with the process.</param>
/// <param name="Secret">32 random bytes in hexadecimal; valid for one connection of this incarnation.</param>
public sealed record WorkerTicket(string Endpoint, string Secret)
{
    /// <summary>The endpoint; never the secret.</summary>
    public override string ToString() => $"WorkerTicket {{ Endpoint = {Endpoint} }}";
}
