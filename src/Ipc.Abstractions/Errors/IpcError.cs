namespace Ipc;

/// <summary>Why a message did not arrive or a request has no answer. The numbers are part of the wire format.</summary>
public enum IpcError : byte
{
    /// <summary>The listener threw; see <see cref="RemoteException"/>.</summary>
    ListenerFailed = 1,

    /// <summary>The peer's process ended: a request that it had begun fails with this, as does whatever is sent to an incarnation that is gone.</summary>
    PeerGone = 2,

    /// <summary>The target's inbox stayed full for the whole waiting time.</summary>
    InboxFull = 3,

    /// <summary>The frame is larger than <c>Ipc:MaxMessageSize</c>.</summary>
    MessageTooLarge = 4,

    /// <summary>No such group or worker id.</summary>
    NoSuchTarget = 5,

    /// <summary>The target has no listener for the action, or none that answers.</summary>
    NoListener = 6,

    /// <summary>No answer came within the request's timeout.</summary>
    Timeout = 7,

    /// <summary>The listener was cancelled: its process stopped, or its asker gave up.</summary>
    Canceled = 8,

    /// <summary>The target does not allow this peer to use the action.</summary>
    NotAllowed = 9,

    /// <summary>The message or answer could not be decoded as the type that was expected.</summary>
    BadMessage = 10,

    /// <summary>This process has stopped, or the cluster did not start in time.</summary>
    NotRunning = 11,

    /// <summary>Several targets, and not all of them could take the message; see <see cref="PartialSendException"/>.</summary>
    PartialSend = 12,

    /// <summary>The request would have waited for a listener that waits for the request.</summary>
    RequestCycle = 13,

    /// <summary>The writer of a stream gave it up before its end: what produces the bytes has thrown, or the call was cancelled.</summary>
    StreamFailed = 14,
}
