namespace Ipc.Messaging;

/// <summary>Where a message or request may go whose lane turned out to be closed before it was published: nobody has it.</summary>
internal enum Retry : byte
{
    /// <summary>Nowhere: one incarnation was meant, or it has been tried.</summary>
    None,

    /// <summary>Once more to whoever has the worker id.</summary>
    SameId,

    /// <summary>To another worker of its group: any was meant.</summary>
    Any,

    /// <summary>One other was tried, and another may be: several may be taken away at a time.</summary>
    OtherId,

    /// <summary>The last try is under way.</summary>
    OtherIdAgain,
}
