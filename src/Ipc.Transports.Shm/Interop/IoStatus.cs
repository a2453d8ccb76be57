namespace Ipc.Transports.Interop;

/// <summary>How a non-blocking call ended.</summary>
internal enum IoStatus
{
    /// <summary>Bytes were moved.</summary>
    Done,

    /// <summary>Nothing could be moved now.</summary>
    WouldBlock,

    /// <summary>The other end has closed.</summary>
    EndOfStream,

    /// <summary>The connection is broken.</summary>
    Failed,
}
