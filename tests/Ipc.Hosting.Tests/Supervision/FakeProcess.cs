using Ipc.Processes;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>A process that the test ends.</summary>
internal sealed class FakeProcess(int id, WorkerIdentity identity) : IWorkerProcess
{
    private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who it was to be.</summary>
    public PeerId Worker => identity.Self;

    public int Id => id;

    public Task Dead => _dead.Task;

    public Task Exited => _exited.Task;

    public int ExitCode { get; private set; }

    /// <summary>It ends.</summary>
    public void End(int exitCode)
    {
        if (!_exited.Task.IsCompleted)
        {
            ExitCode = exitCode;
            _dead.TrySetResult();
            _exited.TrySetResult();
        }
    }

    /// <summary>Nothing of it runs any more; its end is yet to come.</summary>
    public void Die() => _dead.TrySetResult();

    public void OnDying()
    {
    }

    public void Kill() => End(137);

    public void Terminate() => End(143);

    public Task<LastWords> ReadLastWordsAsync() => Task.FromResult(new LastWords());

    public void Dispose()
    {
    }
}
