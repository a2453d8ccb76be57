using Microsoft.Extensions.DependencyInjection;

namespace Ipc;

/// <summary>Says what exists in which process of the cluster. What is registered outside exists in the supervisor and in every worker.</summary>
public sealed class IpcWorkersBuilder
{
    private readonly IpcRegistration _registration;

    internal IpcWorkersBuilder(IServiceCollection services, IpcRegistration registration)
    {
        Services = services;
        _registration = registration;
    }

    /// <summary>The program's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Registers services that exist in the supervisor only.</summary>
    /// <param name="configure">Adds them.</param>
    /// <returns>This builder.</returns>
    public IpcWorkersBuilder OnSupervisor(Action<IServiceCollection> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _registration.AddRoleServices(Services, new RoleServices(PeerKind.Supervisor, null, configure));
        return this;
    }

    /// <summary>Registers services that exist in every worker only.</summary>
    /// <param name="configure">Adds them.</param>
    /// <returns>This builder.</returns>
    public IpcWorkersBuilder OnWorkers(Action<IServiceCollection> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _registration.AddRoleServices(Services, new RoleServices(PeerKind.Worker, null, configure));
        return this;
    }

    /// <summary>Registers services that exist in the workers of one group only.</summary>
    /// <param name="group">The group's name. One that the options do not name ends the start of the host; a group with the count 0 is one that they name.</param>
    /// <param name="configure">Adds them.</param>
    /// <returns>This builder.</returns>
    public IpcWorkersBuilder OnWorkers(string group, Action<IServiceCollection> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(configure);
        _registration.AddRoleServices(Services, new RoleServices(PeerKind.Worker, group, configure));
        return this;
    }

    /// <summary>Runs once in the supervisor before the first worker is started, for example for migrations. Several run in the order of their registration.</summary>
    /// <param name="action">Gets the supervisor's services and a token that ends with the start of the host.</param>
    /// <returns>This builder.</returns>
    public IpcWorkersBuilder BeforeWorkers(Func<IServiceProvider, CancellationToken, Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _registration.BeforeWorkers.Add(action);
        return this;
    }

    /// <summary>Adds a filter around every listener; the first added is outermost. Resolved from the message's scope.</summary>
    /// <typeparam name="TFilter">The filter's class.</typeparam>
    /// <returns>This builder.</returns>
    public IpcWorkersBuilder AddListenerFilter<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors)] TFilter>()
        where TFilter : class, IListenerFilter
    {
        Services.AddScoped<IListenerFilter, TFilter>();
        return this;
    }
}
