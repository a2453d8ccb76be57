using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>
/// Looks from outside whether ready workers come forward. Of one that hangs it takes the evidence, tells the listeners of <c>WORKER.HUNG</c>, and kills it: the rest is its slot's affair, as with any other end.
/// On the supervisor's control thread, for all workers; no worker has a timer, and no pool has to wake. Safe for use by several threads.
/// </summary>
internal sealed class HangWatch(SupervisorTransport transport, WorkerEvents events, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan DumpTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(1); // while nobody is ready

    /// <summary>After so much time a worker that hangs has ended: its dump is written, and it was killed.</summary>
    public static TimeSpan ReplacementTime { get; } = DumpTime + TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<PeerId, WatchedWorker> _watched = new();
    private int _isLooking;
    private long _lateAt = long.MaxValue;
    private volatile bool _isDisposed;

    /// <summary>A worker is ready: from now on it is watched, if its group wants that.</summary>
    /// <param name="worker">The incarnation.</param>
    /// <param name="processId">Its process.</param>
    /// <param name="group">Its group.</param>
    /// <param name="kill">Ends the process, with the reason.</param>
    public void Watch(PeerId worker, int processId, GroupPlan group, Action<string> kill)
    {
        if (group.Options.HangTimeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        _watched.TryAdd(worker, new WatchedWorker(worker, processId, group, ProcessState.Of(processId), kill, time));
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            LookLater();
        }
    }

    /// <summary>A worker has ended, or is asked to: others have their deadlines for that.</summary>
    public void Forget(PeerId worker) => _watched.TryRemove(worker, out _);

    /// <summary>A worker has answered.</summary>
    public void OnPulse(PeerId worker, WorkerPulse pulse) => _watched.GetValueOrDefault(worker)?.Answer(pulse);

    /// <summary>
    /// A ready worker that has not answered within its group's <c>HangTimeout</c>, as a sentence; <see langword="null"/> when all have. One that is stopped or frozen has not either, though it does not hang: nobody
    /// here sets it going again. One that is being replaced is none for <see cref="ReplacementTime"/>.
    /// </summary>
    public string? FindSilent() => time.GetTimestamp() > Volatile.Read(ref _lateAt)
        ? "the supervisor's control thread does not come to look after the workers"
        : _watched.Values.Select(static w => w.FindSilence()).FirstOrDefault(static s => s is not null);

    public void Dispose() => _isDisposed = true;

    private void LookLater()
    {
        TimeSpan interval = _watched.Values.Select(static w => w.Interval).DefaultIfEmpty(Slowest).Min();
        TimeSpan late = (interval > Slowest ? interval : Slowest) * HangPolicy.LooksPerTimeout;
        Volatile.Write(ref _lateAt, time.GetTimestamp() + (long)(late.TotalSeconds * time.TimestampFrequency));
        transport.RunLater(interval, Look);
    }

    private void Look()
    {
        if (_isDisposed)
        {
            return;
        }

        try
        {
            foreach (WatchedWorker worker in _watched.Values)
            {
                HangFinding? finding = worker.Look(Debugger.IsAttached, IsIdle(worker.Worker), out uint? question);
                if (finding is not null)
                {
                    _ = Task.Run(() => ReplaceAsync(worker, finding));
                }
                else if (question is { } number)
                {
                    transport.Ping(worker.Worker, number);
                }
            }
        }
        finally
        {
            LookLater();
        }
    }

    /// <summary>Who has nothing to do is asked seldom: a question wakes its process.</summary>
    private bool IsIdle(PeerId worker)
    {
        try
        {
            return transport.Inspect(worker).IsIdle;
        }
        catch (ObjectDisposedException)
        {
            return true; // the supervisor stops
        }
    }

    private async Task ReplaceAsync(WatchedWorker worker, HangFinding finding)
    {
        try
        {
            WorkerLoad load = transport.Inspect(worker.Worker);
            string? dump = await DumpAsync(worker).ConfigureAwait(false);
            var hung = new WorkerHung
            {
                Worker = worker.Worker,
                ProcessId = worker.ProcessId,
                Cause = finding.Cause,
                Reason = finding.Describe(),
                HungFor = finding.For,
                Running = load.Running,
                Waiting = load.Waiting,
                DumpFile = dump,
            };
            SupervisionLog.Hung(
                logger, worker.Worker, worker.ProcessId, hung.Reason, ExitWords.List(hung.Running), hung.Waiting, DescribeDump(worker, dump), $"{worker.Group.Option}:HangTimeout");
            events.Hung(hung);
        }
        catch (ObjectDisposedException)
        {
            return; // the supervisor stops
        }
        finally
        {
            worker.Kill($"it hung: {finding.Describe()}");
        }
    }

    private static string DescribeDump(WatchedWorker worker, string? dump) => dump is not null ? $"Its dump is {dump}"
        : worker.Group.Options.DumpFolder is null ? $"With {worker.Group.Option}:DumpFolder it would have left a dump"
        : "It has left no dump";

    /// <summary>A dump is worth waiting for, but not for ever: the worker's messages wait too.</summary>
    private async Task<string?> DumpAsync(WatchedWorker worker)
    {
        if (DumpFile.PathOf(worker.Group, worker.Worker, worker.ProcessId) is not { } path)
        {
            return null;
        }

        try
        {
            using var late = new CancellationTokenSource(DumpTime);
            await RuntimeDump.WriteAsync(worker.ProcessId, path, worker.Group.Options.DumpType, late.Token).ConfigureAwait(false);
            return path;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or OverflowException)
        {
            SupervisionLog.NoDump(logger, worker.Worker, worker.ProcessId, e.Message);
            return null;
        }
    }
}
