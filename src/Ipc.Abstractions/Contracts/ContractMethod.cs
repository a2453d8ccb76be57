using System.ComponentModel;
using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>Makes the rows of a contract's methods. Called by emitted code, not by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ContractMethod
{
    /// <summary>A method that is called and answers.</summary>
    /// <typeparam name="TContract">The interface.</typeparam>
    /// <typeparam name="TRequest">Its parameters.</typeparam>
    /// <typeparam name="TResponse">Its result; <see cref="NoResult"/> when it has none.</typeparam>
    /// <param name="response">Writes and reads the result.</param>
    /// <param name="call">Calls it.</param>
    public static ContractMethod<TContract> Call<TContract, TRequest, TResponse>(
        MessageSerializer<TResponse> response, Func<TContract, TRequest, CancellationToken, ValueTask<TResponse>> call)
        where TContract : class
        where TRequest : IMessage<TRequest> => new CallMethod<TContract, TRequest, TResponse>(response, call);

    /// <summary>A method that gives items.</summary>
    /// <typeparam name="TContract">The interface.</typeparam>
    /// <typeparam name="TRequest">Its parameters.</typeparam>
    /// <typeparam name="TItem">The items.</typeparam>
    /// <param name="items">Writes and reads an item.</param>
    /// <param name="call">Calls it.</param>
    public static ContractMethod<TContract> Stream<TContract, TRequest, TItem>(
        MessageSerializer<TItem> items, Func<TContract, TRequest, CancellationToken, IAsyncEnumerable<TItem>> call)
        where TContract : class
        where TRequest : IMessage<TRequest> => new StreamMethod<TContract, TRequest, TItem>(items, call);

    /// <summary>A method that takes items, and answers.</summary>
    /// <typeparam name="TContract">The interface.</typeparam>
    /// <typeparam name="TRequest">Its other parameters.</typeparam>
    /// <typeparam name="TItem">The items.</typeparam>
    /// <typeparam name="TResponse">Its result; <see cref="NoResult"/> when it has none.</typeparam>
    /// <param name="items">Writes and reads an item.</param>
    /// <param name="response">Writes and reads the result.</param>
    /// <param name="call">Calls it.</param>
    public static ContractMethod<TContract> Upload<TContract, TRequest, TItem, TResponse>(
        MessageSerializer<TItem> items,
        MessageSerializer<TResponse> response,
        Func<TContract, TRequest, IAsyncEnumerable<TItem>, CancellationToken, ValueTask<TResponse>> call)
        where TContract : class
        where TRequest : IMessage<TRequest> => new UploadMethod<TContract, TRequest, TItem, TResponse>(items, response, call);
}

/// <summary>A method of a contract: what it takes and gives, and how to call it. Emitted; not for use by hand.</summary>
/// <typeparam name="TContract">The interface.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ContractMethod<TContract>
    where TContract : class
{
    private protected ContractMethod(MessageSerializer request, MessageSerializer? response, bool hasStream)
    {
        Action = request.Action!;
        Serializers = response is null ? [request] : [request, response];
        Call = new ContractCall(Action, request, hasStream ? null : response);
    }

    /// <summary>The action under which it is called, for example <c>ICalculator.AddAsync</c>.</summary>
    public string Action { get; }

    /// <summary>What the peers of a call have to find by type.</summary>
    internal IReadOnlyList<MessageSerializer> Serializers { get; }

    /// <summary>For callers that know it by name only.</summary>
    internal ContractCall Call { get; }

    /// <summary>What it takes and gives, for a comparison with the other side's.</summary>
    internal abstract string Signature { get; }

    internal abstract ListenerDescriptor CreateListener(ContractHost<TContract> host, int maxItemSize);
}
