using System.ComponentModel;
using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>One incarnation of a worker from its start to its end: its process, and how far it has come. Every member may be called from any thread.</summary>
internal sealed class WorkerRun(PeerId worker, GroupPlan group, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private IWorkerProcess? _process;
    private long? _readySince;
    private bool _isKilled;

    /// <summary>Which incarnation.</summary>
    public PeerId Worker => worker;

    /// <summary>Its process; 0 before there is one.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Whether it has connected.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>For how long it has been ready; nothing when it never was.</summary>
    public TimeSpan? ReadyFor
    {
        get
        {
            lock (_gate)
            {
                return _readySince is { } since ? time.GetElapsedTime(since) : null;
            }
        }
    }

    /// <summary>Starts the process.</summary>
    /// <param name="launcher">Starts processes.</param>
    /// <param name="transport">Expects the worker from here on.</param>
    /// <returns>Completes when the process runs.</returns>
    /// <exception cref="Exception">As the launcher throws.</exception>
    public async Task StartAsync(IWorkerLauncher launcher, SupervisorTransport transport)
    {
        WorkerTicket ticket = transport.ExpectWorker(worker, group.OtherUser?.Id);
        IWorkerProcess process = await launcher
            .StartAsync(group, new WorkerIdentity(worker, ticket.Endpoint, ticket.Secret, Environment.ProcessId)).ConfigureAwait(false);
        bool isKilled;
        lock (_gate)
        {
            _process = process;
            ProcessId = process.Id;
            isKilled = _isKilled;
        }

        transport.SetProcessId(worker, process.Id);
        if (isKilled)
        {
            Kill(); // while it was being started
        }
    }

    /// <summary>Completes when the process has ended. Only after <see cref="StartAsync"/>.</summary>
    public Task WaitForEndAsync() => _process!.Exited;

    /// <summary>How the process has ended, in words, with the last that it said. To be asked once, at the end.</summary>
    public async Task<string> DescribeEndAsync()
    {
        IWorkerProcess process = _process!;
        string exit = ProcessExit.Describe(process.ExitCode);
        DiagnosticsFiles.RemoveOf(process.Id);
        string lastWords = await process.ReadLastWordsAsync().ConfigureAwait(false) is { } line ? $", and its last line on standard error was \"{line}\"" : "";
        process.Dispose();
        return $"process {process.Id} {exit}{lastWords}";
    }

    /// <summary>Its control connection is open.</summary>
    public void OnConnected() => IsConnected = true;

    /// <summary>It says that it is ready.</summary>
    public void OnReady()
    {
        lock (_gate)
        {
            _readySince ??= time.GetTimestamp();
        }
    }

    /// <summary>Kills the process when it is not ready in time. Only after <see cref="StartAsync"/>.</summary>
    /// <param name="timeout">How long it may take, from now.</param>
    /// <param name="stopping">Nobody is late any more.</param>
    public async Task KillWhenLateAsync(TimeSpan timeout, CancellationToken stopping)
    {
        try
        {
            await _process!.Exited.WaitAsync(timeout, time, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // the host stops
        }
        catch (TimeoutException)
        {
            if (ReadyFor is null)
            {
                SupervisionLog.NotReady(logger, worker, ProcessId, timeout);
                Kill();
            }
        }
    }

    /// <summary>Asks the process to end, by SIGTERM where there is that.</summary>
    public void Terminate()
    {
        IWorkerProcess? process;
        lock (_gate)
        {
            process = _process;
        }

        process?.Terminate();
    }

    /// <summary>Ends the process without asking, or as soon as it has started.</summary>
    /// <returns>Nothing, or why it could not be killed, as a sentence's part.</returns>
    public string? Kill()
    {
        IWorkerProcess? process;
        lock (_gate)
        {
            _isKilled = true;
            process = _process;
        }

        try
        {
            process?.Kill();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return $"its process could not be killed: {e.Message}";
        }
    }
}
