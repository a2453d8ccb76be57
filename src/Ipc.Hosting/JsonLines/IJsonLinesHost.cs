namespace Ipc.JsonLines;

/// <summary>The cluster as a session of JSON lines needs it.</summary>
internal interface IJsonLinesHost
{
    /// <summary>What the program's actions take and answer.</summary>
    MethodTable Methods { get; }

    /// <summary>The most bytes of a line, its end included.</summary>
    int MaxLineLength { get; }

    /// <summary>Makes a connection a client of the cluster.</summary>
    /// <param name="name">Its name; <see langword="null"/> when it has none, and nothing can be sent to it.</param>
    /// <param name="actions">What it listens to.</param>
    /// <param name="inbox">Takes what is sent to it.</param>
    /// <param name="cancellationToken">The connection has ended.</param>
    /// <exception cref="IpcException">It cannot join.</exception>
    ValueTask<IJsonLinesPeer> JoinAsync(string? name, IReadOnlyList<string> actions, JsonLinesInbox inbox, CancellationToken cancellationToken);
}

/// <summary>Takes a message for the client.</summary>
/// <param name="action">Its action.</param>
/// <param name="body">Its body.</param>
/// <param name="from">Who sent it.</param>
/// <returns>Ends when it is on its way; the next one is not taken before.</returns>
internal delegate ValueTask JsonLinesInbox(string action, MessageBody body, PeerId from);
