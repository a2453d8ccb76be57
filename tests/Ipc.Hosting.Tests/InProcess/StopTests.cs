using System.Collections.Concurrent;
using Ipc.Dispatch;
using Ipc.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

/// <summary>The end of a cluster in which something throws: it is told, and all else ends as it should.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task A_stop_answers_what_waits_in_the_inbox_and_refuses_what_comes_later()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o => o.MaxPendingMessages = 16); // of which one sender has half; the others wait in their lane
        Task<string>[] requests = [.. Enumerable.Range(0, 20).Select(i => cluster.Sender.RequestAsync(new Slow($"{i}"), Target.Worker(0)).AsTask())];
        await cluster.Gates.Started.Task;

        Task stop = cluster.StopAsync();
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.RequestAsync(new Double(1)).AsTask());
        Assert.Equal(IpcError.PeerGone, error.Reason);
        Assert.False(stop.IsCompleted);
        cluster.Gates.Release.TrySetResult();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"done {i}"), await Task.WhenAll(requests));
        await stop;
    }

    [Fact]
    public async Task A_hosted_service_of_a_worker_that_fails_to_stop_is_told_and_the_supervisor_stops_all_the_same()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            more: w => w.OnWorkers(s => s.AddHostedService(p => new Stubborn(p.GetRequiredService<IpcProcess>()))));
        IMessageSender sender = cluster.Sender;

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(cluster.StopAsync);

        Assert.All(Enumerable.Range(0, 3), id => Assert.Contains($"worker/{id}#1 does not stop", failure.ToString(), StringComparison.Ordinal));
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => sender.SendAsync(new Note("late"), Target.Supervisor).AsTask());
        Assert.Equal(IpcError.NotRunning, error.Reason);
    }

    [Fact]
    public async Task A_service_that_throws_when_it_is_disposed_keeps_no_worker_from_its_end()
    {
        var disposed = new ConcurrentQueue<int>();
        InProcessCluster cluster = await InProcessCluster.StartAsync(more: w => w.OnWorkers(s =>
        {
            s.AddSingleton(p =>
            {
                int id = p.GetRequiredService<IpcProcess>().WorkerId;
                return new Prickly(() => disposed.Enqueue(id));
            });
            s.AddSingleton<IHostedService>(p => new NeedsPrickly(p.GetRequiredService<Prickly>()));
        }));

        await cluster.DisposeAsync();

        Assert.Equal([0, 1, 2], disposed.Order());
        Assert.Equal(3, cluster.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("could not all be disposed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_singleton_listener_that_throws_when_it_is_disposed_is_logged_and_the_next_one_is_disposed_too()
    {
        int disposed = 0;
        ListenerDescriptor[] listeners = [.. Enumerable.Range(0, 2).Select(i => new ListenerDescriptor<PricklyListener, string>(
            "PIPE_MESSAGE.act", BuiltInSerializers.String, _ => new PricklyListener(() => disposed++)) { Lifetime = ListenerLifetime.Singleton, Priority = i })];
        ListenerRegistry registry = ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable(listeners) }], ListenerPlaces.Workers);
        Assert.True(registry.TryGet(ActionHash.Compute("act"), out ActionEntry? entry));
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        entry.CreateSingletons(services);
        var log = new InProcessCluster.LogSink();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));

        await registry.DisposeSingletonsAsync(loggers.CreateLogger("Ipc"));

        Assert.Equal(2, disposed);
        Assert.Equal(2, log.Lines.Count);
        Assert.All(log.Lines, line => Assert.EndsWith($"The singleton listener {typeof(PricklyListener)} threw when it was disposed. {nameof(InvalidTimeZoneException)}", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_for_a_group_that_is_not_configured_end_the_start()
    {
        await using InProcessCluster cluster = InProcessCluster.Build(more: w => w.OnWorkers("gateway", s => s.AddSingleton<Recorder>()));

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(cluster.StartAsync);

        Assert.Contains("OnWorkers(\"gateway\", ...) names a group that there is not. The groups of this cluster are: worker.", error.Message, StringComparison.Ordinal);
    }

    private sealed class Stubborn(IpcProcess process) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => throw new InvalidTimeZoneException($"{process.Id} does not stop");
    }

    private sealed class Prickly(Action disposing) : IDisposable
    {
        public void Dispose()
        {
            disposing();
            throw new InvalidTimeZoneException();
        }
    }

    private sealed class NeedsPrickly(Prickly prickly) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(prickly);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class PricklyListener(Action disposing) : IListener<string>, IDisposable
    {
        public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;

        public void Dispose()
        {
            disposing();
            throw new InvalidTimeZoneException();
        }
    }
}
