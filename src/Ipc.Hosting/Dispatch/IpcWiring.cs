using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Dispatch;

/// <summary>Where intercepted calls of <c>AddIpcWorkers</c> arrive. Called by emitted code, not by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class IpcWiring
{
    /// <summary>Registers the cluster.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">The program's options, applied after the configuration section.</param>
    /// <param name="wiring">What the generator knows about the call.</param>
    public static IpcWorkersBuilder AddIpcWorkers(IServiceCollection services, Action<IpcOptions>? configure, IpcWiringOptions wiring)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(wiring);
        return IpcRegistrar.Register(services, configure, wiring);
    }

    /// <summary>Registers a client.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">The program's options, applied after the configuration section.</param>
    /// <param name="wiring">What the generator knows about the call.</param>
    public static IServiceCollection AddIpcClient(IServiceCollection services, Action<IpcClientOptions>? configure, IpcWiringOptions wiring) =>
        AddClient(services, configure, wiring, hostsEndpoint: false);

    /// <summary>Registers a client that makes the endpoint.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">The program's options, applied after the configuration section.</param>
    /// <param name="wiring">What the generator knows about the call.</param>
    public static IServiceCollection AddIpcEndpoint(IServiceCollection services, Action<IpcClientOptions>? configure, IpcWiringOptions wiring) =>
        AddClient(services, configure, wiring, hostsEndpoint: true);

    private static IServiceCollection AddClient(IServiceCollection services, Action<IpcClientOptions>? configure, IpcWiringOptions wiring, bool hostsEndpoint)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(wiring);
        IpcRegistrar.RegisterClient(services, configure, wiring, hostsEndpoint);
        return services;
    }

    internal static InvalidOperationException NotIntercepted(string method) => new(
        $"{method}() was called in a way that the source generator of Ipc.Hosting could not see (a method group, a delegate, F# or Visual Basic, "
        + "or a project without the generator), so it does not know this program's listeners. "
        + $"Call it directly, or name the listeners: {method}(GeneratedIpcListeners.Instance).");
}
