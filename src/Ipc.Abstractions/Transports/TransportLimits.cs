namespace Ipc.Transports;

/// <summary>What bounds a transport. Every number from another process is checked against these before anything is allocated.</summary>
public sealed record TransportLimits
{
    /// <summary>Largest frame in bytes. Default 64 MiB.</summary>
    public int MaxMessageSize { get; init; } = 64 << 20;

    /// <summary>Size of an inbox ring in bytes, a power of two. Default 1 MiB.</summary>
    public int RingSize { get; init; } = 1 << 20;

    /// <summary>Size of an answer ring in bytes, a power of two. Default 64 KiB.</summary>
    public int AnswerRingSize { get; init; } = 64 << 10;

    /// <summary>How much shared memory a cluster may use, in bytes; 0 switches it off. Beyond it lanes go over the pipe. Default 1 GiB.</summary>
    public long SharedMemoryLimit { get; init; } = 1L << 30;

    /// <summary>
    /// How many times a thread that waits looks with a short pause before each, before it yields; 0 to 100,000. Default <see langword="null"/>: 50, or 0 where the process has
    /// one core or a quota below two.
    /// </summary>
    public int? SpinBudget { get; init; }

    /// <summary>
    /// How many times it yields then, at most, before it sleeps; 0 to 100,000. Default <see langword="null"/>: 200, or 0 where the process has one core or a quota below two.
    /// </summary>
    public int? YieldBudget { get; init; }

    /// <summary>How long a peer may take for its handshake. Default 10 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
