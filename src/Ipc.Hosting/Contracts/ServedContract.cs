using Ipc.Dispatch;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Contracts;

/// <summary>A contract that runs in this process: one call of <c>AddIpcService</c>.</summary>
internal abstract class ServedContract(Type contract, Type implementation, ServiceLifetime lifetime)
{
    public Type Contract { get; } = contract;

    public Type Implementation { get; } = implementation;

    /// <summary>Looks whether the class has the lifetime that <c>AddIpcService</c> was given: its calls share one instance, or have a scope each, by that.</summary>
    /// <exception cref="InvalidOperationException">It was registered with another one.</exception>
    public void ThrowIfRegisteredOtherwise(IServiceCollection services)
    {
        ServiceDescriptor resolved = services.Last(service => service.ServiceType == Implementation && !service.IsKeyedService); // of several the last one
        if (resolved.Lifetime != lifetime)
        {
            throw new InvalidOperationException(
                $"{Implementation} is registered as {resolved.Lifetime}, and AddIpcService<{Contract.Name}, {Implementation.Name}>() says {lifetime}: "
                + $"pass ServiceLifetime.{resolved.Lifetime}, or register it once.");
        }
    }

    /// <summary>The listeners that call it.</summary>
    /// <param name="descriptor">The contract's row.</param>
    /// <param name="maxItemSize">The most bytes of one item of a stream.</param>
    public abstract IReadOnlyList<ListenerDescriptor> CreateListeners(ContractDescriptor descriptor, int maxItemSize);
}

/// <summary>A contract that runs in this process.</summary>
internal sealed class ServedContract<TContract>(ContractHost<TContract> host, ServiceLifetime lifetime) : ServedContract(typeof(TContract), host.Implementation, lifetime)
    where TContract : class
{
    public override IReadOnlyList<ListenerDescriptor> CreateListeners(ContractDescriptor descriptor, int maxItemSize) =>
        ((ContractDescriptor<TContract>)descriptor).CreateListeners(host, maxItemSize);
}
