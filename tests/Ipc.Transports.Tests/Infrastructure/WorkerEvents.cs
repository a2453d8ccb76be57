namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Keeps what a worker's transport reports.</summary>
public sealed class WorkerEvents : IWorkerEvents
{
    /// <summary>Completes when a stop is asked for.</summary>
    public TaskCompletionSource<TimeSpan> Stop { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is asked for, and nothing comes any more.</summary>
    public TaskCompletionSource InboxRead { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PeerId _self;

    /// <summary>Completes when a process that was held has got its worker id.</summary>
    public TaskCompletionSource<PeerId> Id { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the supervisor has gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerPulse OnPing(uint number) => new(number, 1, 2, "act", IsDebugged: true);

    public void OnIdGiven(PeerId self) => _self = self;

    public void OnReleased() => Id.TrySetResult(_self);

    public void OnStopRequested(TimeSpan deadline, bool readsOn)
    {
        Stop.TrySetResult(deadline);
        if (!readsOn)
        {
            InboxRead.TrySetResult();
        }
    }

    public void OnSupervisorGone() => Gone.TrySetResult();
}
