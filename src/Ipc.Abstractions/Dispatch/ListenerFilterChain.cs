namespace Ipc.Dispatch;

/// <summary>Runs filters around a listener, outermost first.</summary>
internal static class ListenerFilterChain
{
    public static ValueTask RunAsync(IReadOnlyList<IListenerFilter> filters, ListenerInvocation invocation, ListenerDelegate terminal)
    {
        ListenerDelegate next = terminal;
        for (int i = filters.Count - 1; i >= 0; i--)
        {
            IListenerFilter filter = filters[i];
            ListenerDelegate inner = next;
            next = current => filter.InvokeAsync(current, inner);
        }

        return next(invocation);
    }
}
