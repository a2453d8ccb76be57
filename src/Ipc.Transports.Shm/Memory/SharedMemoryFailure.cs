namespace Ipc.Transports.Memory;

/// <summary>Why there is no shared memory.</summary>
internal enum SharedMemoryFailure
{
    /// <summary>This platform has none that can be used here.</summary>
    NotSupported,

    /// <summary>The kernel refused it: no memory left, a limit, or a sandbox's filter.</summary>
    Refused,

    /// <summary>What a peer sent is not the memory that was agreed: wrong size, not sealed, or another layout.</summary>
    NotAsAgreed,
}
