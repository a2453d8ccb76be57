namespace Ipc.Supervision;

/// <summary>The end of a process that was asked to finish.</summary>
internal static class WorkerEnd
{
    /// <summary>What a worker gets after its time, when its listeners' tokens have been signalled, before it is killed.</summary>
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(2);

    /// <summary>Waits for it, at the deadline with SIGTERM.</summary>
    /// <param name="end">Completes with it.</param>
    /// <param name="run">Who runs then.</param>
    /// <param name="timeout">How long its listeners may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="late">Nobody waits any more.</param>
    /// <exception cref="TimeoutException">It did not come.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="late"/> was signalled.</exception>
    public static async Task WaitAsync(Task end, Func<WorkerRun> run, TimeSpan timeout, TimeProvider time, CancellationToken late)
    {
        try
        {
            await end.WaitAsync(timeout, time, late).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A worker signals its listeners' tokens now, and has the unwind time. A process that has never joined the cluster was not asked yet.
            run().Terminate();
            await end.WaitAsync(UnwindTime, time, late).ConfigureAwait(false);
        }
    }
}
