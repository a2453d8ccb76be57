namespace Ipc;

/// <summary>Handles messages of one type.</summary>
/// <typeparam name="TMessage">A message type, a string, a number, <c>byte[]</c> or <see cref="MessageBody"/>.</typeparam>
/// <remarks>Messages of one sender to one action are handled one after the other, in sending order; messages of different senders, and to different actions, may run at the same time.</remarks>
public interface IListener<in TMessage>
{
    /// <summary>Handles one message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="context">Who sent it, and what else is known about it.</param>
    /// <param name="cancellationToken">Signalled when this process stops and the time for running listeners is over.</param>
    ValueTask HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken);
}

/// <summary>Handles messages of one type and answers each.</summary>
/// <typeparam name="TRequest">A message type, a string, a number, <c>byte[]</c> or <see cref="MessageBody"/>.</typeparam>
/// <typeparam name="TResponse">What the asker gets.</typeparam>
public interface IListener<in TRequest, TResponse>
{
    /// <summary>Handles one request.</summary>
    /// <param name="message">The request.</param>
    /// <param name="context">Who sent it, and what else is known about it.</param>
    /// <param name="cancellationToken">Signalled when the asker cancels, stops waiting or ends, or this process stops and the time for running listeners is over.</param>
    /// <returns>The answer. An exception becomes a <see cref="RemoteException"/> at the asker.</returns>
    ValueTask<TResponse> HandleAsync(TRequest message, MessageContext context, CancellationToken cancellationToken);
}
