using System.Diagnostics;
using System.Globalization;
using Ipc.Systemd;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Hosting.Tests.Systemd;

/// <summary>What is said to systemd, and when.</summary>
public sealed class SystemdServiceTests : IDisposable
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly RecordingLog _records = new();
    private readonly ILoggerFactory _loggers;

    public SystemdServiceTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_records));

    public void Dispose() => _loggers.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_socket_is_a_path_or_a_name_that_is_in_no_file_system(bool isPath)
    {
        string path = Path.Combine("/tmp", $"ipc-{Guid.NewGuid():N}");
        using NotifySocket systemd = isPath ? new NotifySocket(path) : NotifySocket.Abstract();
        using SystemdService service = Create(systemd.Name);

        service.Ready();

        await systemd.WaitForAsync(m => m.SequenceEqual(["READY=1"]));
        File.Delete(path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("vsock:2:9")]
    public void Where_systemd_has_not_asked_nothing_is_said(string name)
    {
        using SystemdService service = Create(name);

        service.Ready();
        service.Status(() => throw new InvalidTimeZoneException("nobody wants to know"));

        Assert.Empty(_records.Entries);
    }

    [Fact]
    public async Task A_status_is_one_line_and_is_said_when_it_is_another()
    {
        using NotifySocket systemd = NotifySocket.Abstract();
        using SystemdService service = Create(systemd.Name);

        service.Status(() => "1 of 2");
        service.Status(() => "1 of 2");
        service.Status(() => "2 of 2\nREADY=1");

        await systemd.WaitForAsync(m => m.SequenceEqual(["STATUS=1 of 2", "STATUS=2 of 2 READY=1"]));
    }

    [Fact]
    public async Task Reloads_at_a_time_are_one_and_what_is_not_up_or_stops_does_not_say_that_it_is_ready()
    {
        using NotifySocket systemd = NotifySocket.Abstract();
        using SystemdService service = Create(systemd.Name);

        service.Reloading();
        service.Reloaded();
        service.Status(() => "not up");
        service.Ready();
        service.Reloading();
        service.Reloading();
        service.Reloaded();
        service.Status(() => "one of two");
        service.Reloaded();
        service.Reloading();
        service.Stopping();
        service.Reloaded();
        service.Status(() => "the end");

        await systemd.WaitForAsync(m => m.Contains("STATUS=the end"));
        Assert.Equal(
            ["STATUS=not up", "READY=1", "RELOADING=1", "STATUS=one of two", "READY=1", "RELOADING=1", "STOPPING=1", "STATUS=the end"],
            systemd.Messages.Select(m => m.Split('\n')[0]));
    }

    [Fact]
    public async Task A_reload_is_said_with_the_time_of_its_beginning()
    {
        using NotifySocket systemd = NotifySocket.Abstract();
        using SystemdService service = Create(systemd.Name);

        service.Ready();
        double before = Stopwatch.GetElapsedTime(0).TotalMicroseconds;
        service.Reloading();
        double after = Stopwatch.GetElapsedTime(0).TotalMicroseconds;

        await systemd.WaitForAsync(m => m.Count == 2);
        string[] lines = systemd.Messages[1].Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        Assert.StartsWith("MONOTONIC_USEC=", lines[1], StringComparison.Ordinal);
        Assert.InRange(long.Parse(lines[1].Split('=')[1], CultureInfo.InvariantCulture), (long)before, (long)after);
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(before / 1e6, uptime - 600, uptime + 1); // the kernel's clock, where sleep is not counted
    }

    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("500000", "own", 0.5)]
    [InlineData("30000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void The_watchdog_is_the_one_of_this_process(string? microseconds, string? process, double? seconds)
    {
        Set("WATCHDOG_USEC", microseconds);
        Set("WATCHDOG_PID", process == "own" ? $"{Environment.ProcessId}" : process);

        using SystemdService service = Create("");

        Assert.Equal(seconds, service.Watchdog?.TotalSeconds);
    }

    [Fact]
    public async Task The_watchdog_is_fed_while_everybody_answers_and_the_log_says_once_who_does_not()
    {
        Set("WATCHDOG_USEC", "32000000");
        var time = new OneTimer();
        using NotifySocket systemd = NotifySocket.Abstract();
        using SystemdService service = Create(systemd.Name, time);
        string? silent = null;

        service.Watch(() => silent);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(16)), time.Next);
        time.Fire();
        silent = "worker/1 does not answer";
        time.Fire();
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(16)), time.Next);
        time.Fire();
        silent = null;
        time.Fire();
        service.Ready();

        await systemd.WaitForAsync(m => m.SequenceEqual(["WATCHDOG=1", "WATCHDOG=1", "READY=1"]));
        Assert.Contains("worker/1 does not answer", Assert.Single(_records.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_listens_any_more_the_log_says_so_once()
    {
        using SystemdService service = Create($"@ipc-tests-{Guid.NewGuid():N}");

        service.Ready();
        service.Stopping();

        RecordingLog.Entry entry = Assert.Single(_records.Entries);
        Assert.Contains("READY=1", entry.Text, StringComparison.Ordinal);
    }

    private SystemdService Create(string name, TimeProvider? time = null)
    {
        Set("NOTIFY_SOCKET", name);
        return new SystemdService(_environment.GetValueOrDefault, time ?? TimeProvider.System, _loggers.CreateLogger("test"));
    }

    private void Set(string name, string? value)
    {
        if (value is not null)
        {
            _environment[name] = value;
        }
    }

    /// <summary>A clock with one timer, which fires when told.</summary>
    private sealed class OneTimer : TimeProvider, ITimer
    {
        private Action? _callback;

        public (TimeSpan Due, TimeSpan Period) Next { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = () => callback(state);
            Change(dueTime, period);
            return this;
        }

        public void Fire() => _callback!();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Next = (dueTime, period);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
