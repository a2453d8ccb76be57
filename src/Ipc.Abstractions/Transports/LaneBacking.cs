namespace Ipc.Transports;

/// <summary>What carries a lane's frames.</summary>
public enum LaneBacking : byte
{
    /// <summary>Objects of one process.</summary>
    Memory = 0,

    /// <summary>A ring in shared memory.</summary>
    SharedMemory = 1,

    /// <summary>A pipe: a Unix socket on Linux and macOS, a named pipe on Windows.</summary>
    Pipe = 2,
}
