namespace Ipc;

/// <summary>The options of every program that sends and receives: of a cluster (<see cref="IpcOptions"/>) and of a client (<see cref="IpcClientOptions"/>).</summary>
public abstract class IpcPeerOptions
{
    private protected IpcPeerOptions()
    {
    }

    /// <summary>
    /// The name of the endpoint: letters, digits, <c>.</c>, <c>-</c>, <c>_</c>, at most 64. Of a cluster it is the name, a part of the control socket's name as <c>ss -xl</c> shows it; default: the
    /// application's name. One supervisor of a user at a time may have a name that is set here; any number may run under the default. A client has to name the one that it joins.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// How long a request waits for its answer, the waiting for room in a full inbox included; <see cref="Timeout.InfiniteTimeSpan"/> for ever. Default 30 seconds.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a send waits for room in a full inbox. Default 30 seconds.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long workers may take until they are ready, after which the program says why and ends with exit code 1; and how long a send waits for that, or in a client for the connection,
    /// unless its own timeout is shorter. Default 60 seconds.
    /// </summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a worker may take, when it is stopped, to finish what its inbox had accepted and what runs, before it is killed. Default 30 seconds.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the stack trace of a listener's exception travels to the asker. Default <see langword="false"/>.</summary>
    public bool IncludeRemoteStackTraces { get; set; }

    /// <summary>Largest message in bytes, header included; 1 KiB to 1 GiB. Default 64 MiB.</summary>
    public int MaxMessageSize { get; set; } = 64 << 20;

    /// <summary>How many messages a process holds that wait or run outside their ring or pipe; the senders wait beyond it. 16 to 65,536. Default 1,024.</summary>
    public int MaxPendingMessages { get; set; } = 1024;

    /// <summary>
    /// How many times a thread that waits for messages or an answer looks with a short pause before each, before it yields; 0 to 100,000. Default <see langword="null"/>: 50, or 0
    /// where a process has one core or a quota below two. With <see cref="YieldBudget"/> also 0 it sleeps at once.
    /// </summary>
    public int? SpinBudget { get; set; }

    /// <summary>
    /// How many times it yields the processor then, at most, before it sleeps; fewer where looking has not paid off. 0 to 100,000. Default <see langword="null"/>: 200, or 0 where a
    /// process has one core or a quota below two.
    /// </summary>
    public int? YieldBudget { get; set; }

    /// <summary>
    /// How many bytes of one stream (<see cref="MessageContext.Stream"/>) may be under way or wait for their reader; its writer waits beyond it. 16 KiB to 16 MiB. Default 256 KiB.
    /// </summary>
    public int StreamWindow { get; set; } = 256 << 10;
}
