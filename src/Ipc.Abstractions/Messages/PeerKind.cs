namespace Ipc;

/// <summary>What a peer is.</summary>
public enum PeerKind : byte
{
    /// <summary>No peer.</summary>
    None = 0,

    /// <summary>The process that a person or systemd started; it owns workers, endpoint and inboxes.</summary>
    Supervisor = 1,

    /// <summary>A process that the supervisor started.</summary>
    Worker = 2,

    /// <summary>An unrelated process that joined through the endpoint.</summary>
    Client = 3,
}
