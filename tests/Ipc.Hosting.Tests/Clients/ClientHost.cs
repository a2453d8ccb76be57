using Ipc.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ipc.Hosting.Tests.Clients;

/// <summary>A program that is a client, as a host of its own in the test's process.</summary>
internal sealed class ClientHost : IAsyncDisposable
{
    private readonly IHost _host;

    private ClientHost(IHost host, InProcessCluster.LogSink log)
    {
        _host = host;
        Log = log;
    }

    public InProcessCluster.LogSink Log { get; }

    public IServiceProvider Services => _host.Services;

    public IMessageSender Sender => Services.GetRequiredService<IMessageSender>();

    public Peer Peer => Services.GetRequiredService<Peer>();

    public PeerId Id => Services.GetRequiredService<IpcProcess>().Id;

    public Recorder Recorder => Services.GetRequiredService<Recorder>();

    public Gates Gates => Services.GetRequiredService<Gates>();

    public IReadOnlyCollection<string> Presence => Services.GetRequiredService<PresenceLog>().Lines;

    public static ClientHost Build(EndpointFolder folder, string name, Action<IpcClientOptions>? configure = null, bool hosts = false, Action<IServiceCollection>? more = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var log = new InProcessCluster.LogSink();
        builder.Services.AddSingleton<Recorder>().AddSingleton<Gates>().AddScoped<ScopedThing>().AddSingleton<PresenceLog>();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        more?.Invoke(builder.Services);
        if (hosts)
        {
            builder.Services.AddIpcEndpoint(Configure);
        }
        else
        {
            builder.AddIpcClient(Configure);
        }

        return new ClientHost(builder.Build(), log);

        void Configure(IpcClientOptions options)
        {
            options.Endpoint = folder.Endpoint;
            options.Folder = folder.Path;
            options.Name = name;
            options.RequestTimeout = TimeSpan.FromSeconds(20);
            options.MaxReconnectDelay = TimeSpan.FromMilliseconds(100);
            configure?.Invoke(options);
        }
    }

    public static async Task<ClientHost> StartAsync(
        EndpointFolder folder, string name, Action<IpcClientOptions>? configure = null, bool hosts = false, Action<IServiceCollection>? more = null)
    {
        ClientHost host = Build(folder, name, configure, hosts, more);
        await host.StartAsync();
        return host;
    }

    public Task StartAsync() => _host.StartAsync();

    public Task WhenConnectedAsync() => Processes.ClusterProcess.UntilAsync(
        () => Peer.Running?.Transport.Directory.Find(Id) is { IsReady: true }, $"the client is connected. Log:\n{string.Join('\n', Log.Lines)}");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
