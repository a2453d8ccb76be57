namespace Ipc;

/// <summary>Publishes messages to whoever has subscribed to their topic, in any process of the cluster, and subscribes at run time. A singleton; every member is safe to call from any thread.</summary>
/// <remarks>
/// A topic is a name of segments between dots, <c>orders.placed</c>, of at most 255 characters; it need not be declared. A subscription's pattern may have <c>*</c> for one segment and, as the last,
/// <c>&gt;</c> for all that are left, one or more. Messages travel as those of <see cref="IMessageSender"/> do, straight from process to process. Before the host has started a call waits up to
/// <c>Ipc:StartTimeout</c>; after it has stopped a call throws.
/// </remarks>
public interface ITopics
{
    /// <summary>Publishes a message; completes when the inbox of every process that has subscribed to the topic has it, and of each queue that of one subscriber.</summary>
    /// <remarks>
    /// It does not wait for listeners. A message of a queue (<see cref="SubscribeAttribute.Queue"/>) is handled from then on also when this process ends, and given to another subscriber by this process when
    /// that one ends; at most <c>Ipc:MaxPendingMessages</c> of a process may be unacknowledged, then a call waits, at most <c>Ipc:SendTimeout</c>.
    /// A process gets the message once for each pattern that fits, which all its classes with <see cref="SubscribeAttribute"/> and that pattern share, and once for each of its run-time subscriptions
    /// that fit. Messages of one process start in publishing order in each of these, as long as calls are awaited. The first call of a process waits until every worker id has
    /// connected once, so that it is known who has subscribed; later ones do not wait for workers that start.
    /// </remarks>
    /// <typeparam name="TMessage">A message type, a string, a number, <c>byte[]</c> or <see cref="MessageBody"/>. One topic has one type: what cannot be read as the subscriber's is set aside there.</typeparam>
    /// <param name="topic">The topic, without wildcards.</param>
    /// <param name="message">The message.</param>
    /// <param name="options">Headers and waiting time; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is in an inbox already stays there.</param>
    /// <returns>In how many inboxes it is, a process counted once for each pattern and each run-time subscription, a queue once; 0 when nobody has subscribed, which is no error.</returns>
    /// <exception cref="ArgumentException">The topic is none. Thrown at once.</exception>
    /// <exception cref="InvalidOperationException">The type has no serializer. Thrown at once.</exception>
    /// <exception cref="IpcException">The one inbox could not take it, or this process does not run; <see cref="IpcException.Reason"/> says why.</exception>
    /// <exception cref="PartialSendException">Some of several inboxes could not take it; the others have it.</exception>
    ValueTask<int> PublishAsync<TMessage>(string topic, TMessage message, SendOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Subscribes this process until the subscription is disposed or the process ends; completes when every process of the cluster knows it.</summary>
    /// <remarks>
    /// Whatever is published after that is not missed, by whomever. What is published before, while the call runs, may or may not come. A process that is stopped (SIGSTOP) holds the call up until it goes
    /// on or ends. A process has at most 1,024 run-time subscriptions, of 64 KiB in all. A successor of this process does not have them.
    /// Disposing completes when every process knows that too; what then is still in this process's inbox, or waits for its turn, is passed over and counted, and of a queue given to another subscriber.
    /// Handlers that run are not waited for.
    /// </remarks>
    /// <typeparam name="TMessage">What the handler takes.</typeparam>
    /// <param name="pattern">The topics, with or without wildcards.</param>
    /// <param name="handler">Handles one message, as a singleton listener does; the next one of the same sender comes when it has ended.</param>
    /// <param name="options">How messages are given to the handler; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting, and subscribing.</param>
    /// <exception cref="ArgumentException">The pattern is none. Thrown at once.</exception>
    /// <exception cref="InvalidOperationException">The type has no serializer. Thrown at once.</exception>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>: this process has stopped; <see cref="IpcError.NotAllowed"/>: there are too many subscriptions.</exception>
    ValueTask<IAsyncDisposable> SubscribeAsync<TMessage>(
        string pattern, Func<TMessage, MessageContext, CancellationToken, ValueTask> handler, SubscribeOptions? options = null, CancellationToken cancellationToken = default);
}
