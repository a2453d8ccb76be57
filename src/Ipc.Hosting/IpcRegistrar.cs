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
        bool first = registration is null;
        registration ??= CreateRegistration(services);
        registration.Wirings.Add(wiring);

        if (first)
        {
            services.AddSingleton(registration);
            services.AddSingleton(static provider => new IpcProcess(provider.GetRequiredService<IpcRegistration>().Self));
            services.AddOptions<IpcOptions>().Configure<IServiceProvider>(static (options, provider) =>
            {
                if (provider.GetService<IConfiguration>() is { } configuration)
                {
                    IpcOptionsBinder.Bind(options, configuration.GetSection(IpcOptions.SectionName));
                }
            });
            services.AddSingleton<IValidateOptions<IpcOptions>, IpcOptionsValidator>();
            services.AddSingleton<Peer>();
            services.AddSingleton<IMessageSender>(static provider => provider.GetRequiredService<Peer>().Sender);
            services.AddSingleton<ITopics>(static provider => provider.GetRequiredService<Peer>().Topics);
            services.AddSingleton<ClusterService>();
            services.AddHostedService(static provider => provider.GetRequiredService<ClusterService>());
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
            isSecondHostOfWorker: identity is null && ProcessRole.IsWorkerProcess);
    }
}
