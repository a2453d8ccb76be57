namespace Ipc.Transports.Rings;

/// <summary>Takes the place of the product's: it looks twice. How long it looks decides about time only, and every look would be one more place to preempt.</summary>
internal sealed class AdaptiveSpin(int pauses, int maxYields)
{
    public bool IsOn => (pauses | maxYields) != 0;

    public bool TryWait<TState>(TState state, Func<TState, bool> isReady) => IsOn && (isReady(state) || isReady(state));
}
