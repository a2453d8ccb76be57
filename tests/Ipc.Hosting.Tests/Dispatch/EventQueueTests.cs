using System.Collections.Concurrent;
using Ipc.Dispatch;
using Ipc.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Hosting.Tests.Dispatch;

/// <summary>How events come to their listeners.</summary>
public sealed class EventQueueTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly InProcessCluster.LogSink _log = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [Fact]
    public async Task Listeners_hear_events_in_order_and_one_that_throws_keeps_nobody_from_hearing()
    {
        await using Dispatcher dispatcher = Create(
            On<WorkerReady>(WorkerReady.EventName, _ => throw new InvalidTimeZoneException(), priority: 1),
            On<WorkerReady>(WorkerReady.EventName, ready => _heard.Enqueue($"{ready.Worker} {ready.ProcessId}")));

        for (int i = 0; i < 100; i++)
        {
            dispatcher.Events.Raise(WorkerReady.EventName, new WorkerReady(PeerId.Worker("web", 1, 2), i));
        }

        await dispatcher.DrainAsync(Task.CompletedTask, Patience, CancellationToken.None); // waits for them
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"web/1#2 {i}"), _heard);
        Assert.Equal(100, _log.Lines.Count(l => l.EndsWith(nameof(InvalidTimeZoneException), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_listener_that_blocks_delays_neither_who_raises_nor_other_events_and_what_waits_for_it_is_bounded()
    {
        using var gate = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        using var other = new ManualResetEventSlim();
        await using Dispatcher dispatcher = Create(
            On<WorkerReady>(WorkerReady.EventName, ready =>
            {
                entered.Set();
                gate.Wait(Patience);
                _heard.Enqueue($"{ready.ProcessId}");
            }),
            On<WorkerStarted>(WorkerStarted.EventName, _ => other.Set()));
        dispatcher.Events.Raise(WorkerReady.EventName, new WorkerReady(default, 0));
        Assert.True(entered.Wait(Patience));

        for (int i = 1; i <= EventQueue.MaxWaiting + 3; i++)
        {
            dispatcher.Events.Raise(WorkerReady.EventName, new WorkerReady(default, i));
        }

        dispatcher.Events.Raise(WorkerStarted.EventName, new WorkerStarted(default, 0));
        Assert.True(other.Wait(Patience));
        Assert.Empty(_heard);
        gate.Set();
        await dispatcher.DrainAsync(Task.CompletedTask, Patience, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, EventQueue.MaxWaiting + 1).Select(i => $"{i}"), _heard);
        Assert.Single(_log.Lines, l => l.Contains("The listeners of WORKER.READY are 1024 events behind", StringComparison.Ordinal));
        Assert.Single(_log.Lines, l => l.Contains("3 times WORKER.READY has happened and its listeners were not told", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_has_stopped_tells_nobody()
    {
        await using Dispatcher dispatcher = Create(On<WorkerReady>(WorkerReady.EventName, _ => _heard.Enqueue("late")));
        await dispatcher.DrainAsync(Task.CompletedTask, Patience, CancellationToken.None);

        dispatcher.Events.Raise(WorkerReady.EventName, new WorkerReady(default, 0));

        await dispatcher.DrainAsync(Task.CompletedTask, Patience, CancellationToken.None);
        Assert.Empty(_heard);
    }

    [Fact]
    public void Every_event_travels_whole()
    {
        PeerId worker = PeerId.Worker("web", 3, 7);

        Assert.Equal(new WorkerStarted(worker, 12), Copy(new WorkerStarted(worker, 12)));
        Assert.Equal(new WorkerReady(worker, 12), Copy(new WorkerReady(worker, 12)));
        Assert.Equal(new WorkerStopping(worker, 12, Patience), Copy(new WorkerStopping(worker, 12, Patience)));
        var exit = new WorkerExited
        {
            Worker = worker,
            ProcessId = 12,
            ExitCode = 137,
            Signal = 9,
            Reason = "was ended by SIGKILL",
            WasReady = true,
            RanFor = Patience,
            Running = [new ActionCount("a", 2), new ActionCount("b", 1)],
            Lost = [new ActionCount("", 5_000_000_000)],
            Outcome = WorkerExitOutcome.Restarted,
            RestartDelay = TimeSpan.FromSeconds(0.1),
            LastErrorLine = "oh",
            LoggedError = "oh: no",
            DumpFile = "/dumps/1.dmp",
        };
        WorkerExited copy = Copy(exit);
        Assert.Equal(exit.Running, copy.Running);
        Assert.Equal(exit.Lost, copy.Lost);
        Assert.Equal(exit, copy with { Running = exit.Running, Lost = exit.Lost });
        var hung = new WorkerHung
        {
            Worker = worker,
            ProcessId = 12,
            Cause = HangCause.ThreadPoolStarved,
            Reason = "its thread pool ...",
            HungFor = Patience,
            Running = [new ActionCount("a", 2)],
            Waiting = 5,
            DumpFile = "/dumps/1.dmp",
        };
        WorkerHung copyOfHung = Copy(hung);
        Assert.Equal(hung.Running, copyOfHung.Running);
        Assert.Equal(hung, copyOfHung with { Running = hung.Running });
        var bare = new WorkerExited { Worker = worker, ProcessId = 0, Reason = "could not be started", WasAskedFor = true, Outcome = WorkerExitOutcome.Stopped };
        Assert.Equal(bare, Copy(bare) with { Running = bare.Running, Lost = bare.Lost });
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private static T Copy<T>(T message)
        where T : IMessage<T> => T.Serializer.ReadBody(MessageBody.From(message, T.Serializer).Bytes.Span);

    private static ListenerDescriptor<DelegateListener<T>, T> On<T>(string eventName, Action<T> act, int priority = 0)
        where T : IMessage<T> => new(eventName, T.Serializer, _ => new DelegateListener<T>((message, _) => act(message))) { Priority = priority };

    private Dispatcher Create(params ListenerDescriptor[] listeners)
    {
        ListenerRegistry registry = ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable(listeners) }], ListenerPlaces.Supervisor);
        ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug));
        return new Dispatcher(
            registry,
            _services,
            new IpcOptions(),
            hasFilters: false,
            new IpcMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), PeerId.Supervisor),
            loggers.CreateLogger<Dispatcher>());
    }
}
