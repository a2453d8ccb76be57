namespace Ipc.Dispatch;

/// <summary>Runs filters around a listener, outermost first.</summary>
internal static class ListenerFilterChain
{
    /// <summary>The registered filters, outermost first.</summary>
    public static IReadOnlyList<IListenerFilter> Resolve(IServiceProvider services) =>
        services.GetService(typeof(IEnumerable<IListenerFilter>)) is IEnumerable<IListenerFilter> filters ? [.. filters] : [];

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
