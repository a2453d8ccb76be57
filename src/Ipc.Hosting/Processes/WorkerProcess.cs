using System.Diagnostics;

namespace Ipc.Processes;

/// <summary>A process of this machine that was just started as a worker.</summary>
internal sealed class WorkerProcess : IWorkerProcess
{
    private static readonly TimeSpan OutputTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DyingTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly Process _process;
    private readonly IDisposable? _tie;
    private readonly TaskCompletionSource _dead = new(); // who waits goes on at once, on the thread that has found out
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LastWords _lastWords;
    private readonly Task _output;
    private readonly Lock _gate = new();
    private readonly string? _diagnosticsKey;
    private bool _isDisposed;

    /// <summary>Begins to watch.</summary>
    /// <param name="process">The process.</param>
    /// <param name="tie">Is disposed when the process has ended.</param>
    /// <param name="output">Completes when all that it prints has been read.</param>
    /// <param name="lastWords">The last of that so far.</param>
    public WorkerProcess(Process process, IDisposable? tie, Task output, LastWords lastWords)
    {
        _process = process;
        _tie = tie;
        _output = output;
        _lastWords = lastWords;
        Id = process.Id;
        _diagnosticsKey = DiagnosticsFiles.KeyOf(Id);

        // Not WaitForExitAsync: with redirected output it also waits for grandchildren that keep the pipe open.
        process.Exited += (_, _) => OnExited();
        process.EnableRaisingEvents = true;
        process.StandardInput.Close();
    }

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public Task Dead => _dead.Task;

    /// <inheritdoc/>
    public Task Exited => _exited.Task;

    /// <inheritdoc/>
    public int ExitCode
    {
        get
        {
            try
            {
                return _process.ExitCode;
            }
            catch (InvalidOperationException)
            {
                // As process 1, and with SIGCHLD ignored, the runtime may have reaped the child itself.
                return -1;
            }
        }
    }

    /// <inheritdoc/>
    public void Kill()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _process.Kill();
            }
        }
    }

    /// <inheritdoc/>
    public void Terminate()
    {
        lock (_gate)
        {
            if (!_isDisposed && !_process.HasExited)
            {
                UnixSignal.Terminate(Id);
            }
        }
    }

    /// <inheritdoc/>
    public void OnDying()
    {
        // One thread has ended. The others follow within a moment where the process was killed; where they do not, it is no death, or a slow one.
        ProcessThreads threads = ProcessThreads.Of(Id);
        var watch = Stopwatch.StartNew();
        do
        {
            if (threads.AreAllExiting())
            {
                _dead.TrySetResult();
                return;
            }
        }
        while (watch.Elapsed < DyingTime && !_dead.Task.Wait(BetweenLooks)); // asleep, not only yielding: the dying threads may need this very processor
    }

    private void OnExited()
    {
        _tie?.Dispose();
        _dead.TrySetResult();
        if (_diagnosticsKey is not null)
        {
            DiagnosticsFiles.RemoveOf(_diagnosticsKey);
        }

        _exited.TrySetResult();
    }

    /// <inheritdoc/>
    public async Task<LastWords> ReadLastWordsAsync()
    {
        // The last lines are those that matter; a grandchild that keeps the pipe open is not waited for.
        await Task.WhenAny(_output, Task.Delay(OutputTime)).ConfigureAwait(false);
        return _lastWords;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _process.Dispose();
        }
    }
}
