using System.Collections.Concurrent;
using Ipc.Hosting.Tests.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

/// <summary>Workers that say themselves that they are ready, in one process.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task Workers_are_ready_when_their_hosts_have_started_and_their_code_says_so_and_who_depends_on_them_waits()
    {
        var started = new ConcurrentDictionary<PeerId, IWorkerReadiness>();
        var log = new EventLog();
        await using InProcessCluster cluster = InProcessCluster.Build(
            o =>
            {
                o.Groups["cache"] = new IpcGroupOptions { Count = 2, WaitForReady = true };
                o.Groups["web"] = new IpcGroupOptions { Count = 1, DependsOn = { "cache" } };
                o.Workers.Count = null;
            },
            w => w.OnWorkers(s => s.AddHostedService(p => new Starting(p, started))),
            b => b.Services.AddSingleton(log));
        cluster.Services.GetRequiredService<IWorkerReadiness>().SetReady(); // means nothing in the supervisor
        Task start = cluster.StartAsync();
        await ClusterProcess.UntilAsync(() => started.Count == 2, "the first two have started");
        Assert.DoesNotContain(log.Heard, e => e.Contains("READY", StringComparison.Ordinal));

        started[PeerId.Worker("cache", 0, 1)].SetReady();
        started[PeerId.Worker("cache", 0, 1)].SetReady();

        await ClusterProcess.UntilAsync(() => log.Heard.Count(e => e.Contains("READY cache/0#1", StringComparison.Ordinal)) == 2, "it is ready"); // in the worker and in the supervisor
        Assert.Equal(2, started.Count);
        Assert.False(start.IsCompleted);
        started[PeerId.Worker("cache", 1, 1)].SetReady();
        await start;
        await ClusterProcess.UntilAsync(() => log.Heard.Count(e => e.Contains("READY", StringComparison.Ordinal)) == 6, "all are ready");
    }

    [Fact]
    public async Task One_that_never_says_so_ends_the_start_and_the_sentence_names_the_option_and_the_method()
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o =>
        {
            o.Workers.WaitForReady = true;
            o.Workers.Count = 1;
            o.StartTimeout = TimeSpan.FromSeconds(2);
        });

        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(cluster.StartAsync);

        Assert.EndsWith("(Ipc:StartTimeout): worker/0#1 did not call IWorkerReadiness.SetReady() (Ipc:Workers:WaitForReady).", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Notes that the worker's host has started.</summary>
    private sealed class Starting(IServiceProvider services, ConcurrentDictionary<PeerId, IWorkerReadiness> started) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(
                () => started[services.GetRequiredService<IpcProcess>().Id] = services.GetRequiredService<IWorkerReadiness>());
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
