using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ipc.Hosting.Tests;

/// <summary>A running in-process cluster with the listeners of this assembly.</summary>
internal sealed class InProcessCluster : IAsyncDisposable
{
    private readonly IHost _host;

    private InProcessCluster(IHost host, Recorder recorder, Gates gates, LogSink log)
    {
        _host = host;
        Recorder = recorder;
        Gates = gates;
        Log = log;
    }

    public Recorder Recorder { get; }

    public Gates Gates { get; }

    public LogSink Log { get; }

    public IServiceProvider Services => _host.Services;

    public IMessageSender Sender => Services.GetRequiredService<IMessageSender>();

    public static InProcessCluster Build(Action<IpcOptions>? configure = null, Action<IpcWorkersBuilder>? more = null, Action<IHostApplicationBuilder>? host = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var recorder = new Recorder();
        var gates = new Gates();
        var log = new LogSink();
        builder.Services.AddSingleton(recorder).AddSingleton(gates).AddScoped<ScopedThing>();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ipc:Workers:Count"] = "3",
            ["Ipc:RequestTimeout"] = "00:00:20",
            ["Ipc:StartTimeout"] = "00:00:20",
        });
        host?.Invoke(builder);
        IpcWorkersBuilder workers = builder.AddIpcWorkersInProcess(configure);
        more?.Invoke(workers);
        return new InProcessCluster(builder.Build(), recorder, gates, log);
    }

    public static async Task<InProcessCluster> StartAsync(
        Action<IpcOptions>? configure = null, Action<IpcWorkersBuilder>? more = null, Action<IHostApplicationBuilder>? host = null)
    {
        InProcessCluster cluster = Build(configure, more, host);
        await cluster.StartAsync();
        return cluster;
    }

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    /// <summary>Keeps log lines.</summary>
    internal sealed class LogSink : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(LogSink sink, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                sink._lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception?.GetType().Name}");
        }
    }
}
