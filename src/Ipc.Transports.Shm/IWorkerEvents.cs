namespace Ipc.Transports;

/// <summary>What a worker's end of the transport reports. Called one at a time on the control thread: implementations return at once and block nothing.</summary>
public interface IWorkerEvents
{
    /// <summary>This process, which was held without a worker id, has got one; messages may come from now on.</summary>
    /// <param name="self">Who it is.</param>
    void OnIdGiven(PeerId self);

    /// <summary>This process, which was held, knows who else there is: it can send from now on.</summary>
    void OnReleased();

    /// <summary>The supervisor asks this worker to finish.</summary>
    /// <param name="deadline">How long it may take before the process is killed.</param>
    /// <param name="readsOn">
    /// Whether messages still come: the inbox takes nothing more, and is read to its end, of which a second call tells, without this. Otherwise what has not been taken is for others.
    /// </param>
    void OnStopRequested(TimeSpan deadline, bool readsOn);

    /// <summary>The supervisor asks whether this worker comes forward.</summary>
    /// <param name="number">Which question it is.</param>
    /// <returns>The answer to it.</returns>
    WorkerPulse OnPing(uint number);

    /// <summary>The control connection has ended without a stop from this side: the supervisor is gone.</summary>
    void OnSupervisorGone();
}
