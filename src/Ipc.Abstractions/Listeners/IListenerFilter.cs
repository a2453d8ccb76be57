namespace Ipc;

/// <summary>Runs around every listener of a process, for logging, transactions, validation. Registered with <c>AddListenerFilter</c>; resolved from the message's scope.</summary>
/// <remarks>The filter that was registered first is outermost. With any filter, messages are boxed once.</remarks>
public interface IListenerFilter
{
    /// <summary>Runs before and after <paramref name="next"/>; not calling it skips the listener.</summary>
    /// <param name="invocation">The message and what is known about it.</param>
    /// <param name="next">The next filter, at last the listener.</param>
    ValueTask InvokeAsync(ListenerInvocation invocation, ListenerDelegate next);
}
