namespace Ipc;

/// <summary>What every sender can do beside <see cref="IMessageSender"/>'s own members.</summary>
public static class MessageSenderExtensions
{
    /// <summary>Asks one peer and awaits its answer; the message type says what the answer is.</summary>
    /// <typeparam name="TResponse">The type of the answer.</typeparam>
    /// <param name="sender">The sender.</param>
    /// <param name="request">The request: a type with <see cref="MessageAttribute"/> and an action.</param>
    /// <param name="target">Who is asked; by default any worker.</param>
    /// <param name="options">Timeout and headers; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives the request up and cancels the listener.</param>
    /// <exception cref="IpcException">There is no answer; <see cref="IpcException.Reason"/> says why.</exception>
    /// <exception cref="RemoteException">The listener threw.</exception>
    public static ValueTask<TResponse> RequestAsync<TResponse>(
        this IMessageSender sender, IRequestMessage<TResponse> request, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return sender.RequestObjectAsync(request, target, options, cancellationToken);
    }
}
