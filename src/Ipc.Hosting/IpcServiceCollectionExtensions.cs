using Ipc;
using Ipc.Dispatch;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a cluster of worker processes to a program's services.</summary>
public static class IpcServiceCollectionExtensions
{
    /// <summary>Turns this program into a supervised cluster of worker processes that exchange messages. Nothing starts before the host starts.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>For what exists in the supervisor or in some workers only.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form.</exception>
    public static IpcWorkersBuilder AddIpcWorkers(this IServiceCollection services, Action<IpcOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcWorkers));

    /// <summary>The explicit form, for callers that the source generator cannot see.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="listeners">The generated table, <c>GeneratedIpcListeners.Instance</c>; the tables of referenced assemblies come with it.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>For what exists in the supervisor or in some workers only.</returns>
    public static IpcWorkersBuilder AddIpcWorkers(this IServiceCollection services, ListenerTable listeners, Action<IpcOptions>? configure = null) =>
        IpcWiring.AddIpcWorkers(services, configure, IpcWiringOptions.Explicit(listeners));

    /// <summary>The same with the whole cluster in this process: <c>Ipc:Mode</c> = <c>InProcess</c>, for tests.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>For what exists in the supervisor or in some workers only.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form.</exception>
    public static IpcWorkersBuilder AddIpcWorkersInProcess(this IServiceCollection services, Action<IpcOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcWorkersInProcess));
}
