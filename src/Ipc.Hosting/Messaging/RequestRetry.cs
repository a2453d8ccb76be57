namespace Ipc.Messaging;

/// <summary>Where a request may go whose lane turned out to be closed before it was published: nobody has it.</summary>
internal enum RequestRetry : byte
{
    /// <summary>Nowhere: one incarnation was meant, or it has been tried.</summary>
    None,

    /// <summary>Once more to whoever has the worker id.</summary>
    SameId,

    /// <summary>Once more to whoever has the worker id, and where that was taken away to another worker of its group.</summary>
    Any,

    /// <summary>To another worker of the group, where the worker id was taken away.</summary>
    OtherId,
}
