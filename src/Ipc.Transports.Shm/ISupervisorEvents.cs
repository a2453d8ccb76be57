namespace Ipc.Transports;

/// <summary>What the supervisor's end of the transport reports. Called one at a time on the control thread, where nothing else is said: implementations return at once and block nothing, and leave out what they have no use for.</summary>
public interface ISupervisorEvents
{
    /// <summary>The worker has connected and proved who it is.</summary>
    void OnWorkerConnected(PeerId worker)
    {
    }

    /// <summary>The worker has said that it is ready.</summary>
    void OnWorkerReady(PeerId worker)
    {
    }

    /// <summary>A process that is held without a worker id has come as far as it can.</summary>
    /// <param name="worker">As it was announced.</param>
    /// <param name="isReady">Whether it is ready; else it wants to send, and waits for its worker id.</param>
    void OnWorkerPrepared(PeerId worker, bool isReady)
    {
    }

    /// <summary>The worker says that it has handled as many messages as it was to, and may be replaced.</summary>
    /// <param name="worker">The incarnation.</param>
    /// <param name="count">How many.</param>
    void OnWorkerHandledEnough(PeerId worker, long count)
    {
    }

    /// <summary>The worker's control connection has ended. The process may still run for a moment: its exit is to be learnt from the kernel.</summary>
    void OnWorkerDisconnected(PeerId worker)
    {
    }

    /// <summary>
    /// A thread of the worker that lives as long as its process, but for an end in order, has ended: most likely the process dies, and its exit will be reported when the kernel has freed its memory. Not told where the kernel does not
    /// tell it, nor of a worker that uses pipes only. Called on a thread of its own, which may look at the process for a while: other deaths wait for that.
    /// </summary>
    void OnWorkerDying(PeerId worker)
    {
    }

    /// <summary>The worker has answered <see cref="SupervisorTransport.Ping"/>.</summary>
    void OnWorkerPulse(PeerId worker, WorkerPulse pulse)
    {
    }

    /// <summary>Messages have been lost with a process or a lane.</summary>
    /// <param name="worker">Whose inbox it was.</param>
    /// <param name="sender">Who had sent them; of kind <see cref="PeerKind.None"/> when that process, too, has gone for good.</param>
    /// <param name="action">The action of all of them; <see langword="null"/> when it is not known, or not the same.</param>
    /// <param name="count">How many.</param>
    /// <param name="reason">Why, in words.</param>
    void OnMessagesLost(PeerId worker, PeerId sender, string? action, long count, string reason)
    {
    }

    /// <summary>
    /// A worker's end, reported by <see cref="SupervisorTransport.WorkerExited"/>, has been accounted for: what was lost with it has been told to <see cref="OnMessagesLost"/>, but for what
    /// its senders find out about their pipes.
    /// </summary>
    /// <param name="worker">The incarnation.</param>
    /// <param name="running">The actions whose listeners had started and not ended, as far as shared memory tells; what went over pipes is not known.</param>
    void OnWorkerSettled(PeerId worker, IReadOnlyList<ActionCount> running)
    {
    }

    /// <summary>A client has joined.</summary>
    /// <param name="client">Who it is from now on.</param>
    /// <param name="processId">Its process; 0 when it lives in a pid namespace that is not visible from here.</param>
    void OnClientJoined(PeerId client, int processId)
    {
    }

    /// <summary>A client's connection has ended, and with it the client.</summary>
    /// <param name="client">Who it was.</param>
    /// <param name="reason">Why, in words.</param>
    void OnClientLeft(PeerId client, string reason)
    {
    }
}
