namespace Outsider;

/// <summary>Tells the visit that its question has been answered.</summary>
internal sealed class Answered
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the answer.</summary>
    public Task Task => _answered.Task;

    /// <summary>The answer has come.</summary>
    public void Set() => _answered.TrySetResult();
}
