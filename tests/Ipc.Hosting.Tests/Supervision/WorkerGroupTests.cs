using System.Collections.Concurrent;
using Ipc.Dispatch;
using Ipc.Hosting.Tests.Support;
using Ipc.Messaging;
using Ipc.Processes;
using Ipc.Supervision;
using Ipc.Systemd;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>Changes and standbys of a group, with processes that are none.</summary>
public sealed class WorkerGroupTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new();
    private readonly FakeLauncher _launcher = new();
    private readonly SettlingEvents _settling = new();
    private readonly SupervisorTransport _transport;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<WorkerExited> _exits = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dispatcher _dispatcher;
    private readonly RecordingLog _log = new();
    private readonly List<IDisposable> _made = [];

    public WorkerGroupTests()
    {
        _transport = SupervisorTransport.Start(
            new SupervisorTransportOptions { UseSharedMemory = false }, PeerActions.None, new IgnoringReceiver(), _settling, NullLoggerFactory.Instance);
        var exits = new ListenerDescriptor<DelegateListener<WorkerExited>, WorkerExited>(
            WorkerExited.EventName, WorkerExited.Serializer, _ => new DelegateListener<WorkerExited>((exit, _) => _exits.Enqueue(exit)));
        _dispatcher = new Dispatcher(
            ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable(exits) }], ListenerPlaces.Supervisor),
            _services,
            new IpcOptions(),
            hasFilters: false,
            new IpcMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), PeerId.Supervisor),
            NullLogger<Dispatcher>.Instance);
    }

    [Fact]
    public async Task A_change_that_waits_when_the_host_stops_and_the_group_is_disposed_ends_without_a_beginning()
    {
        WorkerGroup group = Create(new IpcGroupOptions());
        group.Start();
        FakeProcess first = await _launcher.NextAsync();
        group.OnReady(first.Worker);
        Task<ReloadResult> reload = group.ReloadAsync(CancellationToken.None);
        await _launcher.NextAsync(); // its successor, which it waits for
        Task scale = group.ScaleAsync(2, CancellationToken.None);

        await _stopping.CancelAsync();
        group.Dispose();

        await reload.WaitAsync(Patience);
        await Assert.ThrowsAsync<OperationCanceledException>(() => scale.WaitAsync(Patience));
        Assert.Equal(2, _launcher.Count);
        Assert.Equal(
            ["web x1 is reloaded: each worker is replaced by a new process.", "web was not reloaded to the end, since the host stops: 0 of 1 workers were replaced."],
            _log.Entries.Where(e => e.Text.Contains("reloaded", StringComparison.Ordinal)).Select(e => e.Text));
    }

    [Fact]
    public async Task An_end_that_is_told_when_the_host_stops_is_not_said_to_be_followed_by_a_start()
    {
        WorkerGroup group = Create(new IpcGroupOptions());
        group.Start();
        FakeProcess first = await _launcher.NextAsync();
        group.OnReady(first.Worker);
        first.Die(); // it has ended by itself; the kernel takes its time to tell how

        Assert.True(SpinWait.SpinUntil(() => group.Slots[0].Restarts == 1, Patience));
        await _stopping.CancelAsync();
        first.End(3);

        Assert.True(SpinWait.SpinUntil(() => !_exits.IsEmpty, Patience));
        WorkerExited exit = Assert.Single(_exits);
        Assert.Equal((false, WorkerExitOutcome.Stopped, TimeSpan.Zero), (exit.WasAskedFor, exit.Outcome, exit.RestartDelay));
        await group.StopAsync(TimeSpan.FromSeconds(5), CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(
            $"Worker web/0#1 has ended: process {first.Id} exited with code 3. It is not started again, since it was to stop then.",
            Assert.Single(_log.Entries, e => e.Text.Contains("has ended", StringComparison.Ordinal)).Text);
    }

    [Fact]
    public async Task Who_is_killed_since_nobody_wants_to_wait_is_said_to_be()
    {
        WorkerGroup group = Create(new IpcGroupOptions());
        group.Start();
        FakeProcess first = await _launcher.NextAsync();

        group.Kill(WorkerRun.IsHurried);

        await first.Exited.WaitAsync(Patience);
        Assert.True(SpinWait.SpinUntil(() => !_exits.IsEmpty, Patience));
        Assert.Equal("was ended by SIGKILL by the supervisor, because it was told to stop once more", Assert.Single(_exits).Reason);
    }

    [Fact]
    public async Task Signals_that_come_while_the_group_is_made_larger_count_from_what_it_will_be()
    {
        WorkerGroup group = Create(new IpcGroupOptions());
        group.Start();
        group.OnReady((await _launcher.NextAsync()).Worker);
        using var signals = new ControlSignals([group], NullLogger.Instance, _stopping.Token);

        Task scaling = signals.ScaleAsync(+1);
        FakeProcess second = await _launcher.NextAsync();
        await signals.ScaleAsync(+1);
        await signals.ScaleAsync(+1);
        Assert.False(scaling.IsCompleted);
        group.OnReady(second.Worker);
        group.OnReady((await _launcher.NextAsync()).Worker);
        group.OnReady((await _launcher.NextAsync()).Worker);

        await scaling.WaitAsync(Patience);
        Assert.Equal(4, group.Slots.Count);
    }

    [Fact]
    public void A_worker_whose_program_listens_to_nothing_can_ask_for_a_reload_and_read_the_answer()
    {
        var worker = ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable() }], ListenerPlaces.Workers);

        Assert.Same(ReloadResult.Serializer, worker.GetSerializer<ReloadResult>());
    }

    [Fact]
    public async Task A_standby_that_could_not_take_over_is_killed_and_its_end_is_told()
    {
        WorkerGroup group = Create(new IpcGroupOptions { Standby = 1 });
        group.Start();
        FakeProcess first = await _launcher.NextAsync();
        group.OnReady(first.Worker);
        FakeProcess standby = await _launcher.NextAsync();
        Assert.True(standby.Worker.IsStandby);
        group.OnPrepared(standby.Worker, isReady: true); // and yet it has never connected

        first.End(1);

        await standby.Exited.WaitAsync(Patience);
        Assert.True(SpinWait.SpinUntil(() => _exits.Count == 2, Patience));
        WorkerExited dropped = Assert.Single(_exits, e => e.ProcessId == standby.Id);
        Assert.Equal((standby.Worker, WorkerExitOutcome.Dropped), (dropped.Worker, dropped.Outcome)); // it never had the worker id
        Assert.Contains("because it was not to take over", dropped.Reason, StringComparison.Ordinal);
        Assert.Equal(WorkerExitOutcome.Restarted, Assert.Single(_exits, e => e.ProcessId == first.Id).Outcome);
    }

    [Fact]
    public async Task Of_a_kill_that_nobody_counts_it_is_said_that_its_cause_is_not_known()
    {
        WorkerGroup group = Create(new IpcGroupOptions());
        group.Start();

        (await _launcher.NextAsync()).End(137); // of a process that there is not, whose control groups nobody can read

        Assert.True(SpinWait.SpinUntil(() => !_exits.IsEmpty, Patience));
        Assert.Equal(
            "was ended by SIGKILL (whether because memory ran out is not known: no control group can be read that counts such kills)", Assert.Single(_exits).Reason);
    }

    public async ValueTask DisposeAsync()
    {
        _made.ForEach(m => m.Dispose());
        _stopping.Dispose();
        await _dispatcher.DisposeAsync();
        await _transport.DisposeAsync();
        await _services.DisposeAsync();
    }

    private WorkerGroup Create(IpcGroupOptions options)
    {
        options.HangTimeout = Timeout.InfiniteTimeSpan;
        var events = new WorkerEvents(_dispatcher.Events);
        _settling.Workers = events;
        var hangs = new HangWatch(_transport, events, _time, NullLogger.Instance);
        var systemd = new SystemdService(static _ => null, _time, NullLogger.Instance);
        var context = new SupervisionContext(
            _transport, _launcher, events, hangs, new OomKills(), systemd, new IpcOptions(), _time, _log.CreateLogger("Ipc"), () => { }, _stopping.Token);
        var group = new WorkerGroup(new GroupPlan("web", 1, options), context);
        _made.AddRange([group, hangs, systemd]);
        return group;
    }
}
