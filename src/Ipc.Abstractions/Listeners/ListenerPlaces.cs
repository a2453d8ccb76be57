namespace Ipc;

/// <summary>The processes of a cluster in which a listener exists.</summary>
[Flags]
public enum ListenerPlaces
{
    /// <summary>None; a listener must name at least one place.</summary>
    None = 0,

    /// <summary>The supervisor.</summary>
    Supervisor = 1,

    /// <summary>Every worker.</summary>
    Workers = 2,

    /// <summary>Programs that joined through the endpoint.</summary>
    Clients = 4,

    /// <summary>All of them.</summary>
    Everywhere = Supervisor | Workers | Clients,
}
