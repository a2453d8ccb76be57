using Ipc.Messaging;

namespace Ipc.Dispatch;

/// <summary>The message that the running code is handling, so that a request made there can say who waits for it. Flows with the execution context.</summary>
/// <remarks>
/// An action lane runs one message at a time and uses one of these again and again, with a context that is captured once: entering allocates nothing. A listener that goes
/// on after its first await may have its context captured, and keeps the object for itself: code that outlives a call is not taken for a part of the next one.
/// </remarks>
internal sealed class AmbientCall(PeerId self, string action, PeerId sender)
{
    private static readonly AsyncLocal<AmbientCall?> s_current = new();

    private ExecutionContext? _context;
    private CallChain? _chain;
    private long _correlation; // 0 while nothing is being handled

    /// <summary>Who waits for a request that is made now; <see langword="null"/> outside of listeners.</summary>
    public static CallChain? Chain => s_current.Value?.ToChain();

    /// <summary>The listener's code begins, on this thread and whatever it starts. Whoever calls it restores the context.</summary>
    /// <param name="correlation">The message.</param>
    /// <param name="chain">Who waits for the message.</param>
    public void Enter(long correlation, CallChain? chain)
    {
        Volatile.Write(ref _chain, chain); // after the end of the call before; pairs with ToChain
        Volatile.Write(ref _correlation, correlation);
        if (_context is { } context)
        {
            ExecutionContext.Restore(context);
            return;
        }

        s_current.Value = this;
        _context = ExecutionContext.Capture();
    }

    /// <summary>The message has been handled.</summary>
    public void Leave() => Volatile.Write(ref _correlation, 0);

    private CallChain? ToChain()
    {
        long correlation = Volatile.Read(ref _correlation);
        if (correlation == 0)
        {
            return null;
        }

        // The same correlation afterwards: then the chain was that call's.
        CallChain? chain = Volatile.Read(ref _chain);
        return Volatile.Read(ref _correlation) == correlation
            ? (chain ?? CallChain.StartingWith(sender)).Append(self, action, correlation)
            : null;
    }
}
