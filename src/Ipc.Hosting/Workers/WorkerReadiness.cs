namespace Ipc.Workers;

/// <summary>Whether this worker's own code has said that it is ready.</summary>
internal sealed class WorkerReadiness : IWorkerReadiness
{
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has.</summary>
    public Task Said => _said.Task;

    /// <inheritdoc/>
    public void SetReady() => _said.TrySetResult();
}
