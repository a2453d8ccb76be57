using System.ComponentModel;
using System.Runtime.CompilerServices;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>Calls the methods of a contract for its proxy. Safe to use from any thread.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ContractClient
{
    private readonly IMessageSender _sender;
    private readonly Target _target;
    private readonly RequestOptions? _options;
    private readonly int _maxItemSize;

    /// <summary>Makes a client.</summary>
    /// <param name="sender">Sends.</param>
    /// <param name="target">Who is called: one peer.</param>
    /// <param name="maxItemSize">The most bytes of one item of a stream.</param>
    /// <param name="timeout">How long a call waits for its answer; <see langword="null"/> for <c>Ipc:RequestTimeout</c>. Streams have no limit.</param>
    public ContractClient(IMessageSender sender, Target target, int maxItemSize, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(sender);
        _sender = sender;
        _target = target;
        _maxItemSize = maxItemSize;
        _options = timeout is null ? null : new RequestOptions { Timeout = timeout };
    }

    /// <summary>Calls a method with a result.</summary>
    /// <typeparam name="TRequest">Its parameters.</typeparam>
    /// <typeparam name="TResponse">Its result.</typeparam>
    /// <param name="request">What they are.</param>
    /// <param name="cancellationToken">Gives the call up and cancels the method.</param>
    public ValueTask<TResponse> CallAsync<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest> => _sender.RequestAsync<TRequest, TResponse>(request, _target, _options, cancellationToken);

    /// <summary>Calls a method without a result.</summary>
    /// <typeparam name="TRequest">Its parameters.</typeparam>
    /// <param name="request">What they are.</param>
    /// <param name="cancellationToken">Gives the call up and cancels the method.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync<TRequest>(TRequest request, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest> => await _sender.RequestAsync<TRequest, NoResult>(request, _target, _options, cancellationToken).ConfigureAwait(false);

    /// <summary>Calls a method that gives items, when the first one is asked for. Leaving early ends it.</summary>
    /// <typeparam name="TRequest">Its parameters.</typeparam>
    /// <typeparam name="TItem">The items.</typeparam>
    /// <param name="request">What the parameters are.</param>
    /// <param name="items">Reads an item.</param>
    /// <param name="cancellationToken">Gives the call up and cancels the method; the enumeration's own token does too.</param>
    public IAsyncEnumerable<TItem> ReadAsync<TRequest, TItem>(TRequest request, MessageSerializer<TItem> items, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest> =>
        ItemStream.ReadAsync(token => _sender.OpenStreamAsync(request, _target, null, token), items, _maxItemSize, cancellationToken);

    /// <summary>Calls a method that takes items, with a result.</summary>
    /// <typeparam name="TResponse">Its result.</typeparam>
    /// <typeparam name="TItem">The items.</typeparam>
    /// <param name="request">Its other parameters.</param>
    /// <param name="source">The items, enumerated once, when the method asks for them and as fast as it does.</param>
    /// <param name="items">Writes an item.</param>
    /// <param name="cancellationToken">Gives the call up and cancels the method.</param>
    public ValueTask<TResponse> UploadAsync<TResponse, TItem>(
        IRequestMessage<TResponse> request, IAsyncEnumerable<TItem> source, MessageSerializer<TItem> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _sender.RequestWithStreamAsync(request, ItemWriter.WriteAsync(source, items, _maxItemSize, CancellationToken.None), _target, null, cancellationToken);
    }

    /// <summary>Calls a method that takes items, without a result.</summary>
    /// <typeparam name="TItem">The items.</typeparam>
    /// <param name="request">Its other parameters.</param>
    /// <param name="source">The items, enumerated once, when the method asks for them and as fast as it does.</param>
    /// <param name="items">Writes an item.</param>
    /// <param name="cancellationToken">Gives the call up and cancels the method.</param>
    public async ValueTask UploadAsync<TItem>(
        IRequestMessage<NoResult> request, IAsyncEnumerable<TItem> source, MessageSerializer<TItem> items, CancellationToken cancellationToken) =>
        await UploadAsync<NoResult, TItem>(request, source, items, cancellationToken).ConfigureAwait(false);
}
