using Ipc.Benchmarks.Measuring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ipc.Benchmarks.Api;

/// <summary>A cluster as a user makes it: this process is its supervisor.</summary>
internal sealed class ApiCluster : IAsyncDisposable
{
    private readonly IHost _host;

    private ApiCluster(IHost host, int workers)
    {
        _host = host;
        Workers = workers;
        Sender = host.Services.GetRequiredService<IMessageSender>();
    }

    public IMessageSender Sender { get; }

    public int Workers { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts it; in a worker this runs the worker and ends the process.</summary>
    public static async Task<ApiCluster> StartAsync(int workers, bool isPipe, Action<IpcOptions>? configure = null, Action<IServiceCollection>? more = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(configure is null ? LogLevel.Warning : LogLevel.Critical).AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<Tally>().AddScoped<ScopedTally>();
        builder.AddIpcWorkers(o =>
        {
            o.Workers.Count = workers;
            if (isPipe)
            {
                o.SharedMemoryLimit = 0;
            }

            configure?.Invoke(o);
        });
        more?.Invoke(builder.Services);
        IHost host = builder.Build();
        if (host.IsIpcWorker())
        {
            await host.RunAsync();
            Environment.Exit(0);
        }

        await host.StartAsync();
        return new ApiCluster(host, workers);
    }

    /// <summary>Asks the first workers and adds up what they say; the process id is the first one's.</summary>
    public async Task<WorkerState> AskAsync(int workers, bool resets = false)
    {
        var sum = default(WorkerState);
        for (int id = workers - 1; id >= 0; id--)
        {
            WorkerState state = await Sender.RequestAsync<AskWorker, WorkerState>(new AskWorker(resets), Target.Worker(id));
            sum = new WorkerState(
                state.ProcessId,
                sum.Received + state.Received,
                sum.OutOfOrder + state.OutOfOrder,
                sum.CpuMicroseconds + state.CpuMicroseconds,
                sum.AllocatedBytes + state.AllocatedBytes);
        }

        return sum;
    }

    /// <summary>What this process and its first workers have used so far.</summary>
    public async Task<Usage> UsageAsync(int workers)
    {
        WorkerState state = await AskAsync(workers);
        return new Usage(state.CpuMicroseconds, state.AllocatedBytes) + Usage.Now;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
