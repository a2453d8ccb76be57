namespace Ipc;

/// <summary>The ways to say who gets a message.</summary>
public enum TargetKind : byte
{
    /// <summary>Nothing said: all workers for a send, any worker for a request.</summary>
    Default = 0,

    /// <summary>Every worker, the sender too if it is one.</summary>
    All,

    /// <summary>Every worker but the sender.</summary>
    Others,

    /// <summary>Named workers of a group.</summary>
    Workers,

    /// <summary>Every worker of a group.</summary>
    Group,

    /// <summary>One worker, the least loaded.</summary>
    Any,

    /// <summary>The supervisor.</summary>
    Supervisor,

    /// <summary>One exact incarnation.</summary>
    Peer,

    /// <summary>One client of a name, the least loaded.</summary>
    Client,

    /// <summary>Every client, or every one of a name.</summary>
    Clients,
}
