namespace Ipc;

/// <summary>Where the workers of a cluster run.</summary>
public enum IpcMode
{
    /// <summary>Each worker is a process of its own. The default.</summary>
    Processes = 0,

    /// <summary>The whole cluster in this process, one service provider per peer: for debugging and tests.</summary>
    InProcess = 1,

    /// <summary>No cluster: nothing starts, and sending throws.</summary>
    Off = 2,
}
