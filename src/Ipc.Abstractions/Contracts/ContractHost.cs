using System.ComponentModel;

namespace Ipc.Contracts;

/// <summary>What runs a contract in a process. Immutable.</summary>
/// <typeparam name="TContract">The interface.</typeparam>
/// <param name="implementation">The class that implements it, for logs and filters.</param>
/// <param name="resolve">Finds an instance among the services of a call's scope, or of the process.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ContractHost<TContract>(Type implementation, Func<IServiceProvider, TContract> resolve)
    where TContract : class
{
    /// <summary>The class that implements it, for logs and filters.</summary>
    public Type Implementation { get; } = implementation;

    /// <summary>Finds an instance among the services of a call's scope, or of the process.</summary>
    public Func<IServiceProvider, TContract> Resolve { get; } = resolve;

    /// <summary>Whether one instance serves all calls of the process; else each call has a scope of its own. Default <see langword="false"/>.</summary>
    public bool IsSingleton { get; init; }
}
