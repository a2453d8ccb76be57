namespace Ipc;

/// <summary>Sends messages to the peers of the cluster. A singleton; every member is safe to call from any thread.</summary>
/// <remarks>
/// Messages of one sender to one action start in sending order at each target; calls that are not awaited can overtake each other until a first message to the target has
/// gone out. Before the host has started a call waits up to <c>Ipc:StartTimeout</c>;
/// after it has stopped a call throws. Every send either is in the inbox of each target when the task completes, or throws with the reason.
/// A mistake in the call itself is thrown at once: <see cref="ArgumentException"/> for a message that is null, an illegal action, or a request to a target that may be several
/// peers; <see cref="InvalidOperationException"/> for a type without an action or without a serializer. All else is thrown when the task is awaited, also when it has failed at once.
/// </remarks>
public interface IMessageSender
{
    /// <summary>Sends a message; completes when the inbox of every target has it.</summary>
    /// <typeparam name="TMessage">A type with <see cref="MessageAttribute"/> and an action.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="target">Who gets it; by default all workers, the sender too if it is one.</param>
    /// <param name="options">Headers and waiting time; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is in an inbox already stays there.</param>
    /// <exception cref="IpcException">The one target could not take it; <see cref="IpcException.Reason"/> says why.</exception>
    /// <exception cref="PartialSendException">Some of several targets could not take it; the others have it.</exception>
    ValueTask SendAsync<TMessage>(TMessage message, Target target = default, SendOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : IMessage<TMessage>;

    /// <summary>Sends a body under an action that is not bound to its type.</summary>
    /// <typeparam name="TBody">A message type, a string, a number, <c>byte[]</c> or <see cref="MessageBody"/>.</typeparam>
    /// <param name="action">The action, without <c>PIPE_MESSAGE.</c>.</param>
    /// <param name="body">The body.</param>
    /// <param name="target">Who gets it; by default all workers, the sender too if it is one.</param>
    /// <param name="options">Headers and waiting time; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is in an inbox already stays there.</param>
    /// <exception cref="IpcException">The one target could not take it; <see cref="IpcException.Reason"/> says why.</exception>
    /// <exception cref="PartialSendException">Some of several targets could not take it; the others have it.</exception>
    ValueTask SendAsync<TBody>(string action, TBody body, Target target = default, SendOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks one peer and awaits its answer, the request known as an object only. Call <c>RequestAsync(request)</c> instead.</summary>
    /// <remarks>
    /// An instance method is always preferred to an extension. This one has another name so that <c>RequestAsync</c> of a struct message finds the
    /// extension that is emitted for that very type, and the struct is not boxed; all other messages find <see cref="MessageSenderExtensions"/>.
    /// </remarks>
    /// <inheritdoc cref="MessageSenderExtensions.RequestAsync{TResponse}"/>
    ValueTask<TResponse> RequestObjectAsync<TResponse>(IRequestMessage<TResponse> request, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks one peer and awaits its answer, both types named; a struct is not boxed.</summary>
    /// <typeparam name="TRequest">A type with <see cref="MessageAttribute"/> and an action.</typeparam>
    /// <typeparam name="TResponse">The type of the answer.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="target">Who is asked; by default any worker.</param>
    /// <param name="options">Timeout and headers; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives the request up and cancels the listener.</param>
    /// <exception cref="IpcException">There is no answer; <see cref="IpcException.Reason"/> says why.</exception>
    /// <exception cref="RemoteException">The listener threw.</exception>
    ValueTask<TResponse> RequestAsync<TRequest, TResponse>(TRequest request, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : IMessage<TRequest>;

    /// <summary>Asks one peer under an action that is not bound to the body's type.</summary>
    /// <typeparam name="TBody">A message type, a string, a number, <c>byte[]</c> or <see cref="MessageBody"/>.</typeparam>
    /// <typeparam name="TResponse">The type of the answer.</typeparam>
    /// <param name="action">The action, without <c>PIPE_MESSAGE.</c>.</param>
    /// <param name="body">The body.</param>
    /// <param name="target">Who is asked; by default any worker.</param>
    /// <param name="options">Timeout and headers; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives the request up and cancels the listener.</param>
    /// <exception cref="IpcException">There is no answer; <see cref="IpcException.Reason"/> says why.</exception>
    /// <exception cref="RemoteException">The listener threw.</exception>
    ValueTask<TResponse> RequestAsync<TBody, TResponse>(string action, TBody body, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks every peer of a target and streams the answers as they come, with who failed and why.</summary>
    /// <typeparam name="TResponse">The type of the answers.</typeparam>
    /// <param name="request">The request: a type with <see cref="MessageAttribute"/> and an action.</param>
    /// <param name="target">Who is asked; by default all workers.</param>
    /// <param name="options">Timeout of each request and headers; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives the open requests up and cancels their listeners, as does leaving the loop early.</param>
    /// <returns>One <see cref="PeerAnswer{TResponse}"/> per peer.</returns>
    IAsyncEnumerable<PeerAnswer<TResponse>> RequestAllAsync<TResponse>(IRequestMessage<TResponse> request, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a message to one peer together with bytes that its listener reads as <see cref="MessageContext.Stream"/>; completes when the listener has ended.</summary>
    /// <remarks>
    /// The content is first asked for when the listener reads, and at most <c>Ipc:StreamWindow</c> bytes are under way: a slow listener slows the content, and memory is bounded
    /// on both sides. A listener that ends without having read everything ends the enumeration, and that is no error. There is no timeout but <see cref="RequestOptions.Timeout"/>, for
    /// the whole call, when it is set. The next message of this sender to the same action starts when this one has ended.
    /// </remarks>
    /// <typeparam name="TMessage">A type with <see cref="MessageAttribute"/> and an action.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="content">The bytes, in pieces of any size; each piece may be reused when the next is asked for. Its token is cancelled when no more is wanted.</param>
    /// <param name="target">Who gets it: one peer; by default any worker.</param>
    /// <param name="options">Timeout and headers; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives the call up: ends the enumeration, and cancels the listener.</param>
    /// <exception cref="IpcException">It did not arrive, or the listener's process ended; <see cref="IpcException.Reason"/> says why. Nothing is repeated or continued by a successor.</exception>
    /// <exception cref="RemoteException">The listener threw.</exception>
    ValueTask SendStreamAsync<TMessage>(
        TMessage message, IAsyncEnumerable<ReadOnlyMemory<byte>> content, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : IMessage<TMessage>;

    /// <summary>Asks one peer, together with bytes that its listener reads as <see cref="MessageContext.Stream"/>, and awaits its answer.</summary>
    /// <remarks>As <see cref="SendStreamAsync{TMessage}"/>; the enumeration ends with the answer.</remarks>
    /// <typeparam name="TResponse">The type of the answer.</typeparam>
    /// <param name="request">The request: a type with <see cref="MessageAttribute"/> and an action.</param>
    /// <param name="content">The bytes, in pieces of any size; each piece may be reused when the next is asked for. Its token is cancelled when no more is wanted.</param>
    /// <param name="target">Who is asked; by default any worker.</param>
    /// <param name="options">Timeout and headers; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives the call up: ends the enumeration, and cancels the listener.</param>
    /// <exception cref="IpcException">There is no answer; <see cref="IpcException.Reason"/> says why. Nothing is repeated or continued by a successor.</exception>
    /// <exception cref="RemoteException">The listener threw.</exception>
    ValueTask<TResponse> RequestWithStreamAsync<TResponse>(
        IRequestMessage<TResponse> request, IAsyncEnumerable<ReadOnlyMemory<byte>> content, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a message to one peer and gives the bytes that its listener writes into <see cref="MessageContext.Stream"/>; completes when the inbox has the message.</summary>
    /// <remarks>
    /// The stream ends when the listener returns; when it throws, its process ends or this one stops, reading throws after what has arrived. The listener is at most
    /// <c>Ipc:StreamWindow</c> bytes ahead of the reader. Dispose the stream: that ends a listener that is still writing, by its token. One read at a time.
    /// </remarks>
    /// <typeparam name="TMessage">A type with <see cref="MessageAttribute"/> and an action.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="target">Who is asked: one peer; by default any worker.</param>
    /// <param name="options">Timeout, for everything until the listener has ended, and headers; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives the opening up; each read has a token of its own.</param>
    /// <exception cref="IpcException">The message did not arrive; <see cref="IpcException.Reason"/> says why. Reading throws the same, and <see cref="RemoteException"/> when the listener threw.</exception>
    ValueTask<Stream> OpenStreamAsync<TMessage>(TMessage message, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : IMessage<TMessage>;
}
