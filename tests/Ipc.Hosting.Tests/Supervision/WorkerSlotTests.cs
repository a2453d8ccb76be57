using Ipc.Dispatch;
using Ipc.Hosting.Tests.Support;
using Ipc.Processes;
using Ipc.Supervision;
using Ipc.Systemd;
using Ipc.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>The table of causes and answers, with processes that are none and a clock that the test moves.</summary>
public sealed class WorkerSlotTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new();
    private readonly FakeLauncher _launcher = new();
    private readonly SettlingEvents _settling = new();
    private readonly SupervisorTransport _transport;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IDisposable> _made = [];

    public WorkerSlotTests() => _transport = SupervisorTransport.Start(
        new SupervisorTransportOptions { UseSharedMemory = false }, PeerActions.None, new IgnoringReceiver(), _settling, NullLoggerFactory.Instance);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(137)]
    public async Task However_a_process_ends_the_next_incarnation_is_started_after_the_delay_and_not_before(int exitCode)
    {
        WorkerSlot slot = Create(new IpcGroupOptions());
        slot.Start();
        FakeProcess first = await _launcher.NextAsync();
        Assert.Equal(1, first.Worker.Incarnation);

        first.End(exitCode);
        await WhenWaitingAsync();
        _time.Advance(TimeSpan.FromSeconds(0.099));
        Assert.Equal(1, _launcher.Count);
        _time.Advance(TimeSpan.FromSeconds(0.026)); // a quarter more, by chance

        Assert.Equal(first.Worker with { Incarnation = 2 }, (await _launcher.NextAsync()).Worker);
    }

    [Fact]
    public async Task What_is_dead_is_replaced_by_a_new_process_when_its_exit_is_told_and_not_before()
    {
        WorkerSlot slot = Create(new IpcGroupOptions { Restart = new IpcRestartOptions { MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } });
        slot.Start();
        FakeProcess first = await _launcher.NextAsync();

        first.Die();
        Assert.True(slot.Run.HasEnded);
        Assert.Equal(1, _launcher.Count);
        first.End(137);

        Assert.Equal(2, (await _launcher.NextAsync()).Worker.Incarnation);
    }

    [Fact]
    public async Task A_restart_counts_as_one_and_an_end_that_makes_place_for_a_successor_does_not()
    {
        WorkerSlot slot = Create(new IpcGroupOptions { Restart = new IpcRestartOptions { MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } });
        slot.Start();
        FakeProcess first = await _launcher.NextAsync();
        Assert.Equal(0, slot.Restarts);
        slot.Run.IsLeaving = true;
        first.End(0);
        FakeProcess second = await _launcher.NextAsync();
        Assert.Equal(0, slot.Restarts);

        second.End(1);

        await _launcher.NextAsync();
        Assert.Equal(1, slot.Restarts);
    }

    [Fact]
    public async Task What_cannot_be_started_counts_as_what_ends_and_the_limit_is_for_both()
    {
        WorkerSlot slot = Create(new IpcGroupOptions { Restart = new IpcRestartOptions { Limit = 2, MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } });
        slot.Start();
        FakeProcess first = await _launcher.NextAsync();
        _launcher.Failure = new InvalidOperationException("there is no program.");

        first.End(1);

        await slot.Quarantined.WaitAsync(Patience);
        Assert.Equal(3, _launcher.Count);
        Assert.False(slot.IsKept);
        Assert.Contains("what ended it began with this: process 5000001 exited with code 1", slot.DescribeStart(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ended_a_worker_that_may_be_started_once_more_is_told_by_its_first_failure()
    {
        WorkerSlot slot = Create(new IpcGroupOptions { Restart = new IpcRestartOptions { Limit = 1, MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } });
        slot.Start();
        FakeProcess first = await _launcher.NextAsync();
        first.End(3);

        (await _launcher.NextAsync()).End(4);

        await slot.Quarantined.WaitAsync(Patience);
        Assert.Contains($"what ended it began with this: process {first.Id} exited with code 3", slot.DescribeStart(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_successor_that_is_not_ready_in_time_is_killed_and_one_that_is_ready_is_not()
    {
        WorkerSlot slot = Create(new IpcGroupOptions { Restart = new IpcRestartOptions { MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } });
        slot.Start();
        (await _launcher.NextAsync()).End(1);
        FakeProcess second = await _launcher.NextAsync();
        await WhenWaitingAsync();

        _time.Advance(new IpcOptions().StartTimeout);

        await second.Exited.WaitAsync(Patience);
        FakeProcess third = await _launcher.NextAsync();
        await WhenWaitingAsync();
        slot.OnReady(third.Worker);
        _time.Advance(new IpcOptions().StartTimeout);
        Assert.False(third.Exited.IsCompleted);
    }

    [Fact]
    public async Task Who_is_asked_to_stop_gets_SIGTERM_at_the_deadline_and_nobody_is_started_again()
    {
        WorkerSlot slot = Create(new IpcGroupOptions());
        slot.Start();
        FakeProcess process = await _launcher.NextAsync();
        slot.OnReady(process.Worker);

        Task stop = slot.StopAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        await WhenWaitingAsync();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(process.Exited.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        await stop.WaitAsync(Patience);
        Assert.Equal(143, process.ExitCode);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _launcher.Count);
        Assert.False(slot.Quarantined.IsCompleted);
    }

    [Fact]
    public async Task A_successor_of_a_reload_that_ends_in_its_probation_leaves_the_one_that_works_alone()
    {
        WorkerSlot slot = Create(new IpcGroupOptions());
        slot.Start();
        FakeProcess first = await _launcher.NextAsync();
        slot.OnReady(first.Worker);
        Task<string?> replacement = slot.ReplaceAsync(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5), CancellationToken.None);
        FakeProcess second = await _launcher.NextAsync();
        slot.OnPrepared(second.Worker, isReady: true);
        Assert.Equal("it is being replaced already", await slot.ReplaceAsync(TimeSpan.Zero, TimeSpan.Zero, CancellationToken.None));

        second.End(4);

        Assert.Equal("its successor ended before it took over: process 5000002 exited with code 4", await replacement.WaitAsync(Patience));
        Assert.False(first.Exited.IsCompleted);
        Assert.Equal(first.Worker, slot.Current);
        first.End(1);
        using var patience = new CancellationTokenSource(Patience);
        while (_launcher.Count == 2)
        {
            await Task.Delay(1, patience.Token);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, (await _launcher.NextAsync()).Worker.Incarnation); // the second never had the id
    }

    public async ValueTask DisposeAsync()
    {
        _made.ForEach(m => m.Dispose());
        _stopping.Dispose();
        await _transport.DisposeAsync();
    }

    private WorkerSlot Create(IpcGroupOptions options)
    {
        var events = new WorkerEvents(new EventQueues(null!, ListenerRegistry.Create([], ListenerPlaces.Supervisor), NullLogger.Instance));
        options.HangTimeout = Timeout.InfiniteTimeSpan;
        _settling.Workers = events;
        var hangs = new HangWatch(_transport, events, _time, NullLogger.Instance);
        var systemd = new SystemdService(static _ => null, _time, NullLogger.Instance);
        var plan = new GroupPlan("web", 1, options);
        var context = new SupervisionContext(
            _transport, _launcher, events, hangs, new OomKills(), systemd, new IpcOptions(), _time, NullLogger.Instance, () => { }, _stopping.Token);
        var pool = new StandbyPool(plan, context);
        var slot = new WorkerSlot(plan, 0, 0, pool, context);
        _transport.AddSlot(plan.Name, 0);
        _made.AddRange([slot, pool, hangs, systemd]);
        return slot;
    }

    /// <summary>Waits until something waits for the clock.</summary>
    private async Task WhenWaitingAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_time.Timers == 0)
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
