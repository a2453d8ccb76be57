using Ipc;
using Ipc.Dispatch;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes a program a client of a running cluster.</summary>
public static class IpcClientServiceCollectionExtensions
{
    /// <summary>
    /// Joins the cluster of an endpoint, as a client: sends, asks, and receives with its own listeners. Nothing is opened before the host starts. A cluster that is not there yet, or no longer,
    /// is waited for; sends wait meanwhile.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>. <see cref="IpcPeerOptions.Endpoint"/> is needed.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form. Or these services have a cluster already.</exception>
    public static IServiceCollection AddIpcClient(this IServiceCollection services, Action<IpcClientOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcClient));

    /// <summary>The explicit form, for callers that the source generator cannot see.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="listeners">The generated table, <c>GeneratedIpcListeners.Instance</c>; the tables of referenced assemblies come with it.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddIpcClient(this IServiceCollection services, ListenerTable listeners, Action<IpcClientOptions>? configure = null) =>
        IpcWiring.AddIpcClient(services, configure, IpcWiringOptions.Explicit(listeners));

    /// <summary>
    /// Makes the endpoint in this process, without a cluster, and joins it: other programs join with <see cref="AddIpcClient(IServiceCollection, Action{IpcClientOptions})"/>, so that plain programs
    /// can talk. It ends with this process. Another process that has the endpoint fails the start.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form. Or these services have a cluster already.</exception>
    public static IServiceCollection AddIpcEndpoint(this IServiceCollection services, Action<IpcClientOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcEndpoint));

    /// <summary>The explicit form, for callers that the source generator cannot see.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="listeners">The generated table, <c>GeneratedIpcListeners.Instance</c>; the tables of referenced assemblies come with it.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddIpcEndpoint(this IServiceCollection services, ListenerTable listeners, Action<IpcClientOptions>? configure = null) =>
        IpcWiring.AddIpcEndpoint(services, configure, IpcWiringOptions.Explicit(listeners));
}
