namespace Ipc.Transports.Rings;

/// <summary>Why a lane's turn has ended.</summary>
internal enum DrainResult
{
    /// <summary>There is nothing to read.</summary>
    Idle,

    /// <summary>It has had its share; there may be more.</summary>
    More,

    /// <summary>It stands still until <see cref="InboundLane.Resume"/>, or until the ledger has room.</summary>
    Held,

    /// <summary>Its writer sent garbage, or the receiver dropped it.</summary>
    Faulted,

    /// <summary>It is closed and everything has been taken.</summary>
    Drained,

    /// <summary>While this thread was inside a listener's code another one took the reading over: touch nothing any more.</summary>
    RoleLost,
}
