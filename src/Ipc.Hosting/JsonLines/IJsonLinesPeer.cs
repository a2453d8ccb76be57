namespace Ipc.JsonLines;

/// <summary>A connection as a client of the cluster. Disposing it leaves.</summary>
internal interface IJsonLinesPeer : IAsyncDisposable
{
    /// <summary>Who it is.</summary>
    PeerId Id { get; }

    /// <summary>Sends and asks.</summary>
    IMessageSender Sender { get; }

    /// <summary>Whether somebody listens to an action, and lets this client send to it.</summary>
    bool MayUse(string action);
}
