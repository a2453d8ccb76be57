using Ipc;
using Ipc.Dispatch;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds a cluster of worker processes to a host builder.</summary>
public static class IpcHostApplicationBuilderExtensions
{
    /// <summary>Turns this program into a supervised cluster of worker processes that exchange messages. Nothing starts before the host starts.</summary>
    /// <param name="builder">The host builder.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>For what exists in the supervisor or in some workers only.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form.</exception>
    public static IpcWorkersBuilder AddIpcWorkers(this IHostApplicationBuilder builder, Action<IpcOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcWorkers));

    /// <summary>The explicit form, for callers that the source generator cannot see.</summary>
    /// <param name="builder">The host builder.</param>
    /// <param name="listeners">The generated table, <c>GeneratedIpcListeners.Instance</c>; the tables of referenced assemblies come with it.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>For what exists in the supervisor or in some workers only.</returns>
    public static IpcWorkersBuilder AddIpcWorkers(this IHostApplicationBuilder builder, ListenerTable listeners, Action<IpcOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Services.AddIpcWorkers(listeners, configure);
    }

    /// <summary>Joins the cluster of an endpoint, as a client; see <see cref="IpcClientServiceCollectionExtensions"/>.</summary>
    /// <param name="builder">The host builder.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form.</exception>
    public static IHostApplicationBuilder AddIpcClient(this IHostApplicationBuilder builder, Action<IpcClientOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcClient));

    /// <summary>Makes the endpoint in this process, without a cluster, and joins it; see <see cref="IpcClientServiceCollectionExtensions"/>.</summary>
    /// <param name="builder">The host builder.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form.</exception>
    public static IHostApplicationBuilder AddIpcEndpoint(this IHostApplicationBuilder builder, Action<IpcClientOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcEndpoint));

    /// <summary>The same with the whole cluster in this process: <c>Ipc:Mode</c> = <c>InProcess</c>, for tests.</summary>
    /// <param name="builder">The host builder.</param>
    /// <param name="configure">Options; they win over the configuration section <c>Ipc</c>.</param>
    /// <returns>For what exists in the supervisor or in some workers only.</returns>
    /// <exception cref="InvalidOperationException">The source generator could not see this call; the message names the explicit form.</exception>
    public static IpcWorkersBuilder AddIpcWorkersInProcess(this IHostApplicationBuilder builder, Action<IpcOptions>? configure = null) =>
        throw IpcWiring.NotIntercepted(nameof(AddIpcWorkersInProcess));
}
