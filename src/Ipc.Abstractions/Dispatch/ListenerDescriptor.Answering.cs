using System.Runtime.CompilerServices;
using Ipc.Serialization;

namespace Ipc.Dispatch;

/// <summary>The row of a listener that answers.</summary>
/// <typeparam name="TListener">The listener's class.</typeparam>
/// <typeparam name="TRequest">What it takes.</typeparam>
/// <typeparam name="TResponse">What it answers.</typeparam>
/// <param name="eventName">The whole event.</param>
/// <param name="requestSerializer">Reads the request.</param>
/// <param name="responseSerializer">Writes the answer.</param>
/// <param name="factory">Emitted code that constructs the listener.</param>
public sealed class ListenerDescriptor<TListener, TRequest, TResponse>(
    string eventName,
    MessageSerializer<TRequest> requestSerializer,
    MessageSerializer<TResponse> responseSerializer,
    Func<IServiceProvider, TListener> factory)
    : ListenerDescriptor(typeof(TListener), eventName, requestSerializer, responseSerializer)
    where TListener : class, IListener<TRequest, TResponse>
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
        TRequest request = requestSerializer.ReadBody(call.Body, call.Bytes);
        call.Gate?.EnterUserCode();

        if (call.HasFilters && ListenerFilterChain.Resolve(call.Services) is { Count: > 0 } filters)
        {
            var invocation = new ListenerInvocation(ListenerType, request, call.Context, call.Services, Answers, call.CancellationToken);
            return RunFilteredAsync(filters, invocation, new Terminal(this, call.Singleton), call.Answer);
        }

        TListener listener = (TListener?)call.Singleton ?? factory(call.Services);
        bool dispose = call.Singleton is null && listener is IDisposable or IAsyncDisposable;
        ValueTask<TResponse> running;
        try
        {
            running = listener.HandleAsync(request, call.Context, call.CancellationToken);
        }
        catch (Exception e) when (dispose)
        {
            running = ValueTask.FromException<TResponse>(e);
        }

        if (!dispose && running.IsCompletedSuccessfully)
        {
            TResponse response = running.Result;
            return call.Answer is null ? default : call.Answer.AnswerAsync(responseSerializer, response);
        }

        return AnswerLaterAsync(running, call.Answer, dispose ? listener : null);
    }

    private async ValueTask AnswerLaterAsync(ValueTask<TResponse> running, IAnswerSink? answer, TListener? dispose)
    {
        TResponse response;
        try
        {
            response = await running.ConfigureAwait(false);
        }
        finally
        {
            if (dispose is not null)
            {
                await ListenerDisposal.DisposeAsync(dispose).ConfigureAwait(false);
            }
        }

        if (answer is not null)
        {
            await answer.AnswerAsync(responseSerializer, response).ConfigureAwait(false);
        }
    }

    private async ValueTask RunFilteredAsync(IReadOnlyList<IListenerFilter> filters, ListenerInvocation invocation, Terminal terminal, IAnswerSink? answer)
    {
        await ListenerFilterChain.RunAsync(filters, invocation, terminal.InvokeAsync).ConfigureAwait(false);
        if (answer is not null)
        {
            if (invocation.Response is null && default(TResponse) is not null)
            {
                throw new InvalidOperationException($"A filter left {typeof(TListener)} out without setting ListenerInvocation.Response to a {typeof(TResponse)}.");
            }

            await answer.AnswerAsync(responseSerializer, (TResponse)invocation.Response!).ConfigureAwait(false);
        }
    }

    private sealed class Terminal(ListenerDescriptor<TListener, TRequest, TResponse> descriptor, object? singleton)
    {
        public async ValueTask InvokeAsync(ListenerInvocation invocation)
        {
            TListener listener = (TListener?)singleton ?? (TListener)descriptor.CreateListener(invocation.Services);
            try
            {
                invocation.Response = await listener.HandleAsync((TRequest)invocation.Message!, invocation.Context, invocation.CancellationToken).ConfigureAwait(false);
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
