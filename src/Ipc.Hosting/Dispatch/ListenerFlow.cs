namespace Ipc.Dispatch;

/// <summary>
/// The code of one message's listeners, wherever it goes on behind its awaits: it flows with the execution context, and hears of each thread that begins or ends a piece of it. Only where messages await, for it
/// costs a context of its own.
/// </summary>
/// <remarks>
/// What was handed to <c>Task.Run</c> flows too, and is no piece: that is how a listener computes for long without holding anybody up. It runs as a task, and a continuation of an async method does not, unless the end of a task
/// that it awaits runs it on the spot; then it is taken for a part of that.
/// </remarks>
/// <param name="watch">Who looks for it.</param>
/// <param name="action">The message's action.</param>
internal sealed class ListenerFlow(CallWatch watch, string action)
{
    private static readonly AsyncLocal<ListenerFlow?> s_current = new(OnChanged);

    private volatile bool _hasGoneOn;
    private volatile bool _hasEnded;

    public CallWatch Watch => watch;

    public string Action => action;

    /// <summary>Whether any of it has run behind an await, or in a task.</summary>
    public bool HasGoneOn => _hasGoneOn;

    /// <summary>Whether the message has been handled; what its code has left running is nobody's affair.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The listener's code begins, on this thread and whatever it starts. Whoever calls it restores the context.</summary>
    public void Enter() => s_current.Value = this;

    /// <summary>The message has been handled.</summary>
    public void End() => _hasEnded = true;

    private static void OnChanged(AsyncLocalValueChangedArgs<ListenerFlow?> change)
    {
        if (!change.ThreadContextChanged)
        {
            return; // by Enter: until the call returns, it is watched as a call
        }

        if (change.CurrentValue is { } flow)
        {
            flow._hasGoneOn = true;
        }

        // A thread of its own that a listener has started may live for ever; it holds nobody up.
        FlowPiece.OfThisThread.Change(Task.CurrentId is null && Thread.CurrentThread.IsThreadPoolThread ? change.CurrentValue : null);
    }
}
