namespace Ipc;

/// <summary>
/// Changes the workers of a running cluster. Injectable in the supervisor, and in workers, where it asks the supervisor. Thread-safe. Changes of one group happen one after the other.
/// A listener must not await a change that takes its own worker away: that waits for the listener.
/// </summary>
public interface IWorkerControl
{
    /// <summary>
    /// Replaces every worker of a group by a new process, so that new binaries and new configuration are picked up: for each a successor is started beside it; when that is ready and has
    /// stayed alive for <c>Reload:Probation</c>, the worker finishes what runs, and the successor takes its id and inbox over. No message is lost and no request fails. A successor that is
    /// not ready in <c>Ipc:StartTimeout</c>, or ends, ends the reload: that worker and those behind it go on as they were, and the result says why.
    /// </summary>
    /// <param name="group">The group's name.</param>
    /// <param name="cancellationToken">Gives up between two workers, and while a successor has not taken over.</param>
    /// <returns>Who was replaced, and what went wrong, if anything.</returns>
    /// <exception cref="ArgumentException">There is no such group; the message names those that there are.</exception>
    /// <exception cref="InvalidOperationException">The cluster has no worker processes (<c>Ipc:Mode</c>), or has not started.</exception>
    /// <exception cref="IpcException">In a worker: the supervisor cannot be asked.</exception>
    Task<ReloadResult> ReloadAsync(string group, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a group another number of workers. New ones have the next higher ids, and are ready when this completes; those with the highest ids are taken away: they are no targets any more
    /// at once, work off what their inboxes hold, and stop as <c>Ipc:StopTimeout</c> says.
    /// </summary>
    /// <param name="group">The group's name.</param>
    /// <param name="count">How many workers it is to have, 0 to 1024.</param>
    /// <param name="cancellationToken">Gives up waiting; what has begun goes on.</param>
    /// <exception cref="ArgumentException">There is no such group; the message names those that there are.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its bounds.</exception>
    /// <exception cref="InvalidOperationException">The cluster has no worker processes (<c>Ipc:Mode</c>), or has not started.</exception>
    /// <exception cref="IpcException">In a worker: the supervisor cannot be asked.</exception>
    Task ScaleAsync(string group, int count, CancellationToken cancellationToken = default);
}
