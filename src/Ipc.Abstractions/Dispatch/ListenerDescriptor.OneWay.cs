using System.Runtime.CompilerServices;
using Ipc.Serialization;

namespace Ipc.Dispatch;

/// <summary>The row of a listener that does not answer.</summary>
/// <typeparam name="TListener">The listener's class.</typeparam>
/// <typeparam name="TMessage">What it takes.</typeparam>
/// <param name="eventName">The whole event.</param>
/// <param name="serializer">Reads the message.</param>
/// <param name="factory">Emitted code that constructs the listener.</param>
public sealed class ListenerDescriptor<TListener, TMessage>(
    string eventName, MessageSerializer<TMessage> serializer, Func<IServiceProvider, TListener> factory)
    : ListenerDescriptor(typeof(TListener), eventName, serializer, null)
    where TListener : class, IListener<TMessage>
{
    /// <inheritdoc/>
    public override object CreateListener(IServiceProvider services) => factory(services);

    /// <inheritdoc/>
    public override void Prepare()
    {
        base.Prepare();
        RuntimeHelpers.PrepareDelegate(factory);
    }

    /// <inheritdoc/>
    public override ValueTask InvokeAsync(scoped in ListenerCall call)
    {
        TMessage message = serializer.ReadBody(call.Body, call.Bytes);
        call.Gate?.EnterUserCode();

        if (call.HasFilters && ListenerFilterChain.Resolve(call.Services) is { Count: > 0 } filters)
        {
            var invocation = new ListenerInvocation(ListenerType, message, call.Context, call.Services, Answers, call.CancellationToken);
            return ListenerFilterChain.RunAsync(filters, invocation, new Terminal(this, call.Singleton).InvokeAsync);
        }

        if (call.Singleton is not null)
        {
            return ((TListener)call.Singleton).HandleAsync(message, call.Context, call.CancellationToken);
        }

        TListener listener = factory(call.Services);
        ValueTask running = CallOrDispose(listener, message, call.Context, call.CancellationToken);
        return listener is IDisposable or IAsyncDisposable ? ListenerDisposal.AfterAsync(running, listener) : running;
    }

    private static ValueTask CallOrDispose(TListener listener, TMessage message, MessageContext context, CancellationToken cancellationToken)
    {
        try
        {
            return listener.HandleAsync(message, context, cancellationToken);
        }
        catch (Exception e) when (listener is IDisposable or IAsyncDisposable)
        {
            return ValueTask.FromException(e);
        }
    }

    private sealed class Terminal(ListenerDescriptor<TListener, TMessage> descriptor, object? singleton)
    {
        public async ValueTask InvokeAsync(ListenerInvocation invocation)
        {
            TListener listener = (TListener?)singleton ?? (TListener)descriptor.CreateListener(invocation.Services);
            try
            {
                await listener.HandleAsync((TMessage)invocation.Message!, invocation.Context, invocation.CancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (singleton is null)
                {
                    await ListenerDisposal.DisposeAsync(listener).ConfigureAwait(false);
                }
            }
        }
    }
}
