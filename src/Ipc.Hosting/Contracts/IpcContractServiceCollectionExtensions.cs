using System.Diagnostics.CodeAnalysis;
using Ipc;
using Ipc.Contracts;
using Ipc.Messaging;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs and uses contracts: interfaces with <see cref="IpcServiceAttribute"/>.</summary>
public static class IpcContractServiceCollectionExtensions
{
    /// <summary>Runs a contract in the processes that these services belong to: in all of the cluster, or, inside <c>OnWorkers(...)</c> or <c>OnSupervisor(...)</c>, in those.</summary>
    /// <remarks>
    /// Calls overlap, as those of any interface that several threads use. The class is registered under its own type, unless it is already; the contract's type is left to
    /// <see cref="AddIpcProxy{TContract}"/>, so that a process may run a contract and call that of another one.
    /// </remarks>
    /// <typeparam name="TContract">The interface.</typeparam>
    /// <typeparam name="TImplementation">The class that implements it.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="lifetime">Scoped, the default, and transient: each call has a scope and an instance of its own. Singleton: one instance serves all calls of the process.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">The class is registered already, with another lifetime. One that is registered so later ends the start of the host.</exception>
    public static IServiceCollection AddIpcService<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TImplementation>(
        this IServiceCollection services, ServiceLifetime lifetime = ServiceLifetime.Scoped)
        where TContract : class
        where TImplementation : class, TContract
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAdd(ServiceDescriptor.Describe(typeof(TImplementation), typeof(TImplementation), lifetime));
        var host = new ContractHost<TContract>(typeof(TImplementation), static provider => provider.GetRequiredService<TImplementation>())
        {
            IsSingleton = lifetime == ServiceLifetime.Singleton,
        };
        var served = new ServedContract<TContract>(host, lifetime);
        served.ThrowIfRegisteredOtherwise(services);
        return services.AddSingleton<ServedContract>(served);
    }

    /// <summary>
    /// Throws an exception of the program's own where a method or listener in another process has thrown one of that type; without it a <see cref="RemoteException"/> is thrown. Holds for
    /// all requests and streams of the processes that these services belong to.
    /// </summary>
    /// <remarks>The type is compared by its full name, exactly: types derived from it need mappings of their own. Of several mappings of one type the last one counts.</remarks>
    /// <typeparam name="TException">What is thrown, there and here.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="create">Makes the exception of what has come: message, the simple values of <see cref="Exception.Data"/>, peer. Runs where the call is awaited; may be called by several threads.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddIpcExceptionMapping<TException>(this IServiceCollection services, Func<RemoteException, TException> create)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        return services.AddSingleton(new ExceptionMapping(typeof(TException).FullName!, create));
    }

    /// <summary>Registers <typeparamref name="TContract"/> as a singleton whose methods call another process.</summary>
    /// <typeparam name="TContract">The interface.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="target">Who is called: one peer, found anew for each call. By default <see cref="Target.Any()"/>.</param>
    /// <param name="configure">How calls are made.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The target may be several peers.</exception>
    public static IServiceCollection AddIpcProxy<TContract>(this IServiceCollection services, Target target = default, Action<IpcProxyOptions>? configure = null)
        where TContract : class
    {
        ArgumentNullException.ThrowIfNull(services);
        if (target.MayBeSeveral())
        {
            throw new ArgumentException($"A call goes to one peer, and {target} may be several. Use Target.Any(group) for one of them.", nameof(target));
        }

        var options = new IpcProxyOptions();
        configure?.Invoke(options);
        services.AddSingleton(new ProxiedContract(typeof(TContract)));
        return services.AddSingleton(provider =>
        {
            Peer peer = provider.GetService<Peer>() ?? throw new InvalidOperationException(
                $"AddIpcProxy<{typeof(TContract).Name}>() needs a cluster to call: call AddIpcWorkers() too.");
            return (TContract)peer.Registry.Contracts.Get(typeof(TContract)).CreateProxy(new ContractClient(peer.Sender, target, peer.Options.MaxMessageSize, options.Timeout));
        });
    }
}
