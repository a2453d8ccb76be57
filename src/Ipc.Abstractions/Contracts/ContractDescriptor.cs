using System.ComponentModel;
using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>A contract in the table of its assembly: how to call it in another process, and how to be called, without reflection. Emitted; not for use by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ContractDescriptor
{
    private protected ContractDescriptor(Type contractType, string name)
    {
        ContractType = contractType;
        Name = name;
    }

    /// <summary>The interface.</summary>
    public Type ContractType { get; }

    /// <summary>The contract's name, with which the actions of its methods begin.</summary>
    public string Name { get; }

    /// <summary>Whether clients may call it.</summary>
    public bool AllowClients { get; init; }

    /// <summary>What its calls write and read beside types that every process knows.</summary>
    public abstract IReadOnlyList<MessageSerializer> Serializers { get; }

    /// <summary>Its methods, for callers that know them by name only.</summary>
    public abstract IReadOnlyList<ContractCall> Calls { get; }

    /// <summary>Makes texts of what each method takes and gives, by its action, to be compared with those of other processes.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, string>> CreateSignatures();

    /// <summary>Makes a proxy: an instance of <see cref="ContractType"/> whose methods call another process. Safe to use from any thread.</summary>
    /// <param name="client">Calls.</param>
    public abstract object CreateProxy(ContractClient client);
}

/// <summary>A contract in the table of its assembly.</summary>
/// <typeparam name="TContract">The interface.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ContractDescriptor<TContract> : ContractDescriptor
    where TContract : class
{
    private readonly Func<ContractClient, TContract> _createProxy;
    private readonly ContractMethod<TContract>[] _methods;

    /// <summary>Makes the row.</summary>
    /// <param name="name">The contract's name.</param>
    /// <param name="createProxy">Emitted code that constructs the proxy.</param>
    /// <param name="methods">Its methods.</param>
    public ContractDescriptor(string name, Func<ContractClient, TContract> createProxy, params ContractMethod<TContract>[] methods)
        : base(typeof(TContract), name)
    {
        _createProxy = createProxy;
        _methods = methods;
        Serializers = [.. methods.SelectMany(method => method.Serializers)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MessageSerializer> Serializers { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ContractCall> Calls => [.. _methods.Select(method => method.Call)];

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> CreateSignatures() => [.. _methods.Select(method => KeyValuePair.Create(method.Action, method.Signature))];

    /// <inheritdoc/>
    public override object CreateProxy(ContractClient client) => _createProxy(client);

    /// <summary>The listeners of a process that runs the contract, one for each method.</summary>
    /// <param name="host">What runs there.</param>
    /// <param name="maxItemSize">The most bytes of one item of a stream.</param>
    public IReadOnlyList<ListenerDescriptor> CreateListeners(ContractHost<TContract> host, int maxItemSize)
    {
        ArgumentNullException.ThrowIfNull(host);
        ListenerDescriptor[] listeners = [.. _methods.Select(method => method.CreateListener(host, maxItemSize))];
        if (AllowClients)
        {
            Array.ForEach(listeners, static listener => listener.OpenToClients());
        }

        return listeners;
    }
}
