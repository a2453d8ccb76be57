using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>The contracts of a program's tables, found by their interfaces. Immutable.</summary>
internal sealed class ContractTable
{
    private readonly Dictionary<Type, ContractDescriptor> _contracts = [];

    /// <summary>Joins the tables' contracts.</summary>
    public ContractTable(IEnumerable<ListenerTable> tables)
    {
        foreach (ContractDescriptor contract in tables.SelectMany(table => table.Contracts))
        {
            _contracts.TryAdd(contract.ContractType, contract);
        }
    }

    /// <summary>What all of them write and read.</summary>
    public IEnumerable<MessageSerializer> Serializers => _contracts.Values.SelectMany(contract => contract.Serializers);

    /// <summary>The row of a contract.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ContractDescriptor Get(Type contract) => _contracts.TryGetValue(contract, out ContractDescriptor? found) ? found : throw new InvalidOperationException(
        $"{contract} is no contract that this program knows. Give the interface [IpcService], in this program or in a project that it references and that has the generator of Ipc.Hosting too.");

    /// <summary>The listeners of the contracts that run in a process.</summary>
    /// <param name="served">The calls of <c>AddIpcService</c>; the same one twice counts once.</param>
    /// <param name="maxItemSize">The most bytes of one item of a stream.</param>
    /// <exception cref="InvalidOperationException">One of them is no contract, runs twice, or has the name of another one.</exception>
    public IEnumerable<ListenerDescriptor> CreateListeners(IEnumerable<ServedContract> served, int maxItemSize)
    {
        var names = new Dictionary<string, ServedContract>(StringComparer.Ordinal);
        var listeners = new List<ListenerDescriptor>();
        foreach (ServedContract one in served.DistinctBy(static s => (s.Contract, s.Implementation)))
        {
            ContractDescriptor descriptor = Get(one.Contract);
            if (!names.TryAdd(descriptor.Name, one))
            {
                ServedContract other = names[descriptor.Name];
                throw new InvalidOperationException(other.Contract == one.Contract
                    ? $"{one.Contract} runs twice in this process, as {other.Implementation} and as {one.Implementation}: call AddIpcService for one of them only."
                    : $"{other.Contract} and {one.Contract} are both named \"{descriptor.Name}\": give one of them another name, [IpcService(\"name\")].");
            }

            listeners.AddRange(one.CreateListeners(descriptor, maxItemSize));
        }

        return listeners;
    }
}
