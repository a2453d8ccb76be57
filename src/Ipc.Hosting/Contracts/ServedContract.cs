using Ipc.Dispatch;

namespace Ipc.Contracts;

/// <summary>A contract that runs in this process: one call of <c>AddIpcService</c>.</summary>
internal abstract class ServedContract(Type contract, Type implementation)
{
    public Type Contract { get; } = contract;

    public Type Implementation { get; } = implementation;

    /// <summary>The listeners that call it.</summary>
    /// <param name="descriptor">The contract's row.</param>
    /// <param name="maxItemSize">The most bytes of one item of a stream.</param>
    public abstract IReadOnlyList<ListenerDescriptor> CreateListeners(ContractDescriptor descriptor, int maxItemSize);
}

/// <summary>A contract that runs in this process.</summary>
internal sealed class ServedContract<TContract>(ContractHost<TContract> host) : ServedContract(typeof(TContract), host.Implementation)
    where TContract : class
{
    public override IReadOnlyList<ListenerDescriptor> CreateListeners(ContractDescriptor descriptor, int maxItemSize) =>
        ((ContractDescriptor<TContract>)descriptor).CreateListeners(host, maxItemSize);
}
