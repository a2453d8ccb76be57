using Ipc.Processes;

namespace Ipc.Supervision;

/// <summary>A worker that works and the successor that is started beside it, until the one has made place for the other.</summary>
internal sealed class Replacement(WorkerRun predecessor, WorkerRun successor, SupervisionContext context)
{
    /// <summary>Starts the successor and looks whether it is sound.</summary>
    /// <param name="probation">How long it has to stay alive when it is prepared.</param>
    /// <param name="giveUp">It is not wanted any more.</param>
    /// <returns>Nothing; or why it is not sound, as a sentence's part.</returns>
    public async Task<string?> PrepareAsync(TimeSpan probation, CancellationToken giveUp)
    {
        TimeSpan startTimeout = context.Options.StartTimeout;
        try
        {
            await successor.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return $"its successor could not be started: {e.Message.TrimEnd('.')}";
        }

        if (!await successor.IsInTimeAsync(successor.Prepared, startTimeout, giveUp).ConfigureAwait(false))
        {
            return $"its successor, process {successor.ProcessId}, was not ready after {startTimeout} (Ipc:StartTimeout): {successor.NotReadyBecause}";
        }

        if (!successor.HasEnded && !giveUp.IsCancellationRequested && probation > TimeSpan.Zero)
        {
            await successor.WaitForEndAsync().WaitAsync(probation, context.Time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return successor.HasEnded ? "its successor ended before it took over"
            : giveUp.IsCancellationRequested ? "it was given up"
            : null;
    }

    /// <summary>The one that works finishes what runs, and ends; also when its worker id is stopped meanwhile, for then the successor reads what it leaves.</summary>
    /// <param name="timeout">How long that may take, and before it the reading of its pipes.</param>
    public async Task MakePlaceAsync(TimeSpan timeout)
    {
        predecessor.IsLeaving = true;
        context.Hangs.Forget(predecessor.Worker); // it has a deadline of its own
        await context.Transport.LeaveAsync(predecessor.Worker).WaitAsync(timeout, context.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Transport.RequestStop(predecessor.Worker, timeout);
        try
        {
            await WorkerEnd.WaitAsync(predecessor.WaitForEndAsync(), () => predecessor, timeout, context.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            SupervisionLog.Killed(context.Logger, predecessor.Worker, predecessor.ProcessId, timeout);
            predecessor.Kill(WorkerRun.TimeIsOver);
        }
    }

    /// <summary>Ends a successor that does not take over.</summary>
    /// <param name="problem">Why it does not.</param>
    /// <returns>That, with how it ended if it did so by itself.</returns>
    public async Task<string> DropAsync(string problem)
    {
        bool hasEnded = successor.HasEnded;
        successor.Kill("it was not to take over");
        if (successor.ProcessId == 0)
        {
            context.Transport.WorkerExited(successor.Announced, keepInbox: true);
            return problem;
        }

        await successor.WaitForEndAsync().ConfigureAwait(false);
        context.Transport.WorkerExited(successor.Announced, keepInbox: true);
        WorkerExited exit = await successor.DescribeEndAsync(wasAskedFor: false, static () => WorkerExitOutcome.Dropped, null).ConfigureAwait(false);
        context.Events.Exited(exit);
        return hasEnded ? $"{problem}: {ExitWords.Describe(exit)}" : problem;
    }
}
