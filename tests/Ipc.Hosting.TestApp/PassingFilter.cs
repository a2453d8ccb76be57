namespace Ipc.Hosting.TestApp;

/// <summary>A filter that changes nothing.</summary>
internal sealed class PassingFilter : IListenerFilter
{
    public ValueTask InvokeAsync(ListenerInvocation invocation, ListenerDelegate next) => next(invocation);
}
