using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Ipc.Systemd;

/// <summary>Tells systemd how the cluster is, where the unit asks for that (<c>Type=notify</c>, <c>WatchdogSec=</c>); elsewhere nothing happens. Thread-safe.</summary>
/// <remarks>The assignments are those of sd_notify(3). A service that systemd does not hear goes on: that is logged once.</remarks>
internal sealed class SystemdService : IDisposable
{
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";

    /// <summary>What is meant for the process that systemd started and for no child of it.</summary>
    public static readonly string[] Variables = [SystemdSocket.Variable, WatchdogVariable, WatchdogProcessVariable];

    private readonly SystemdSocket? _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private string? _status;
    private ITimer? _watch;
    private string? _silent;
    private bool _hasFailed;
    private bool _isReady;
    private bool _isStopping;
    private int _reloads;

    /// <summary>Reads what systemd says to this process in its environment.</summary>
    public SystemdService(Func<string, string?> environment, TimeProvider time, ILogger logger)
    {
        _socket = SystemdSocket.Open(environment(SystemdSocket.Variable));
        _time = time;
        _logger = logger;
        bool isForUs = environment(WatchdogProcessVariable) is not { Length: > 0 } process
            || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (isForUs && long.TryParse(environment(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0)
        {
            Watchdog = TimeSpan.FromMicroseconds(microseconds);
        }
    }

    /// <summary>After which silence systemd restarts the service; <see langword="null"/> when it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>The service is up; said when no reload is under way.</summary>
    public void Ready()
    {
        lock (_gate)
        {
            _isReady = true;
            SendReady_NeedsLock();
        }
    }

    /// <summary>A line for <c>systemctl status</c>; sent when it is another than the last one.</summary>
    /// <param name="describe">Says how it is now: of two calls at a time the later one tells the later state.</param>
    public void Status(Func<string> describe)
    {
        if (_socket is null)
        {
            return;
        }

        lock (_gate)
        {
            string status = describe();
            if (status != _status)
            {
                _status = status;
                Send_NeedsLock($"STATUS={status.ReplaceLineEndings(" ")}");
            }
        }
    }

    /// <summary>A reload begins, until <see cref="Reloaded"/>; several at a time are one, and one before <see cref="Ready"/> is not said. For <c>Type=notify-reload</c> with the time that systemd wants.</summary>
    public void Reloading()
    {
        lock (_gate)
        {
            if (_reloads++ == 0 && _isReady)
            {
                Send_NeedsLock(string.Create(
                    CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={(long)Stopwatch.GetElapsedTime(0).TotalMicroseconds}"));
            }
        }
    }

    /// <summary>It has ended.</summary>
    public void Reloaded()
    {
        lock (_gate)
        {
            _reloads--;
            SendReady_NeedsLock();
        }
    }

    /// <summary>A stop begins; the watchdog is fed on while it lasts.</summary>
    public void Stopping()
    {
        lock (_gate)
        {
            _isStopping = true;
            Send_NeedsLock("STOPPING=1");
        }
    }

    /// <summary>
    /// Feeds the watchdog twice in its time, as long as everybody answers. While somebody does not, it looks again much sooner: a worker that is being replaced is to cost no more than a late feed.
    /// </summary>
    /// <param name="findSilent">Who has not answered lately, for a sentence; <see langword="null"/> when everybody has.</param>
    public void Watch(Func<string?> findSilent)
    {
        if (_socket is not null && Watchdog is { } time)
        {
            _watch = _time.CreateTimer(_ => Feed(findSilent), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _watch.Change(TimeSpan.Zero, time / 2);
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        lock (_gate)
        {
            _socket?.Dispose();
        }
    }

    private void Feed(Func<string?> findSilent)
    {
        string? silent = findSilent();
        if (silent is null)
        {
            Send("WATCHDOG=1");
        }
        else
        {
            _watch?.Change(Watchdog!.Value / 16, Watchdog.Value / 2);
            if (silent != _silent)
            {
                SystemdLog.NotFed(_logger, silent);
            }
        }

        _silent = silent;
    }

    private void Send(string assignments)
    {
        lock (_gate)
        {
            Send_NeedsLock(assignments);
        }
    }

    private void SendReady_NeedsLock()
    {
        if (_isReady && _reloads == 0 && !_isStopping)
        {
            Send_NeedsLock("READY=1");
        }
    }

    private void Send_NeedsLock(string assignments)
    {
        try
        {
            _socket?.Send(assignments);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (e is SocketException && !_hasFailed)
            {
                _hasFailed = true;
                SystemdLog.NotHeard(_logger, assignments.Split('\n')[0], e.Message);
            }
        }
    }
}
