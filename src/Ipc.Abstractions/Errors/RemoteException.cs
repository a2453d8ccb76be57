namespace Ipc;

/// <summary>A listener in another process threw while it handled a request.</summary>
/// <remarks>
/// <see cref="Exception.Data"/> has the simple values (texts, numbers, times, GUIDs and the like, under keys that are texts) of the exception there: at most 64, 16 KiB in all.
/// </remarks>
public sealed class RemoteException : IpcException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="peer">Where the listener ran.</param>
    /// <param name="action">The request's action.</param>
    /// <param name="typeName">Full name of the exception's type there.</param>
    /// <param name="remoteMessage">Its message.</param>
    /// <param name="remoteStackTrace">Its stack trace, when the cluster was told to send it.</param>
    public RemoteException(PeerId peer, string action, string typeName, string remoteMessage, string? remoteStackTrace = null)
        : base(IpcError.ListenerFailed, $"The listener for \"{action}\" in {peer} threw {typeName}: {remoteMessage}")
    {
        Peer = peer;
        TypeName = typeName;
        RemoteMessage = remoteMessage;
        RemoteStackTrace = remoteStackTrace;
    }

    /// <summary>Where the listener ran.</summary>
    public PeerId Peer { get; }

    /// <summary>Full name of the exception's type in that process; text only, never loaded as a type.</summary>
    public string TypeName { get; }

    /// <summary>The exception's message in that process.</summary>
    public string RemoteMessage { get; }

    /// <summary>The stack trace in that process; <see langword="null"/> unless <c>Ipc:IncludeRemoteStackTraces</c> is on there.</summary>
    public string? RemoteStackTrace { get; }
}
