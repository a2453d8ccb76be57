using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Options;
using Ipc.Processes;
using Ipc.Supervision;
using Ipc.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Ipc;

/// <summary>Registers a cluster's services. Starts nothing, opens nothing.</summary>
internal static class IpcRegistrar
{
    public static IpcWorkersBuilder Register(IServiceCollection services, Action<IpcOptions>? configure, IpcWiringOptions wiring)
    {
        IpcRegistration? registration = FindRegistration(services);
        ThrowIfBoth(registration, isClient: false);
        bool first = registration is null;
        registration ??= CreateRegistration(services);
        registration.Wirings.Add(wiring);

        if (first)
        {
            AddPeer(services, registration);
            services.AddOptions<IpcOptions>().Configure<IServiceProvider>(static (options, provider) =>
            {
                if (provider.GetService<IConfiguration>() is { } configuration)
                {
                    IpcOptionsBinder.Bind(options, configuration.GetSection(IpcOptions.SectionName));
                }
            });
            services.AddSingleton<IValidateOptions<IpcOptions>, IpcOptionsValidator>();
            services.AddSingleton<IpcPeerOptions>(static provider => provider.GetRequiredService<IOptions<IpcOptions>>().Value);
            services.AddSingleton<WorkerReadiness>();
            services.AddSingleton<IWorkerReadiness>(static provider => provider.GetRequiredService<WorkerReadiness>());
            services.AddSingleton<WorkerControl>();
            services.AddSingleton<IWorkerControl>(static provider => provider.GetRequiredService<WorkerControl>());
            if (registration.Self.Kind == PeerKind.Worker)
            {
                // "Press Ctrl+C to shut down" is for the supervisor to say: Ctrl+C does not reach workers.
                services.Configure<ConsoleLifetimeOptions>(static options => options.SuppressStatusMessages = true);
                if (registration.Identity?.Output == IpcOutput.Log)
                {
                    // After all that the user's code and configuration say about the console: the supervisor's own say it again.
                    services.AddSingleton<ConsoleFormatter, OutputRecordFormatter>();
                    services.PostConfigure<ConsoleLoggerOptions>(static options => options.FormatterName = OutputRecordFormatter.FormatterName);
                }
            }
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        registration.AddWorkerServices(services, wiring);
        return new IpcWorkersBuilder(services, registration);
    }

    public static void RegisterClient(IServiceCollection services, Action<IpcClientOptions>? configure, IpcWiringOptions wiring, bool hostsEndpoint)
    {
        IpcRegistration? registration = FindRegistration(services);
        ThrowIfBoth(registration, isClient: true);
        if (registration is null)
        {
            registration = new IpcRegistration(services, PeerId.Client("client", 0), identity: null, isSecondHostOfWorker: false);
            AddPeer(services, registration);
            services.AddOptions<IpcClientOptions>().Configure<IServiceProvider>(static (options, provider) =>
            {
                if (provider.GetService<IConfiguration>() is { } configuration)
                {
                    IpcOptionsBinder.Bind(options, configuration.GetSection(IpcOptions.SectionName));
                }
            });
            services.AddSingleton<IValidateOptions<IpcClientOptions>, IpcClientOptionsValidator>();
            services.AddSingleton<IpcPeerOptions>(static provider => provider.GetRequiredService<IOptions<IpcClientOptions>>().Value);
        }

        registration.Wirings.Add(wiring);
        registration.HostsEndpoint |= hostsEndpoint;
        if (configure is not null)
        {
            services.Configure(configure);
        }
    }

    /// <summary>What every peer has.</summary>
    private static void AddPeer(IServiceCollection services, IpcRegistration registration)
    {
        services.AddSingleton(registration);
        services.AddSingleton(static provider => new IpcProcess(provider.GetRequiredService<IpcRegistration>().Self));
        services.AddSingleton<Peer>();
        services.AddSingleton<IMessageSender>(static provider => provider.GetRequiredService<Peer>().Sender);
        services.AddSingleton<ITopics>(static provider => provider.GetRequiredService<Peer>().Topics);
        services.AddSingleton<ClusterService>();
        services.AddHostedService(static provider => provider.GetRequiredService<ClusterService>());
    }

    private static void ThrowIfBoth(IpcRegistration? registration, bool isClient)
    {
        if (registration is not null && (registration.Self.Kind == PeerKind.Client) != isClient)
        {
            throw new InvalidOperationException(
                "AddIpcWorkers() and AddIpcClient() were called for the same services, and IMessageSender can belong to one of them. Give the client a host of its own in this process: Host.CreateApplicationBuilder().");
        }
    }

    private static IpcRegistration? FindRegistration(IServiceCollection services)
    {
        foreach (ServiceDescriptor descriptor in services)
        {
            if (descriptor.ServiceType == typeof(IpcRegistration))
            {
                return (IpcRegistration?)descriptor.ImplementationInstance;
            }
        }

        return null;
    }

    private static IpcRegistration CreateRegistration(IServiceCollection services)
    {
        WorkerIdentity? identity = ProcessRole.Claim();
        if (identity is not null)
        {
            // First thing: from here on this process cannot outlive its supervisor.
            Lifeline.OfThisSystem.Hold(identity.SupervisorProcessId);
        }

        return new IpcRegistration(
            services,
            identity?.Self ?? PeerId.Supervisor,
            identity,
            isSecondHostOfWorker: identity is null && ProcessRole.IsWorkerProcess)
        {
            Termination = identity is null ? null : new TerminationSignal(), // for the life of the process
        };
    }
}
