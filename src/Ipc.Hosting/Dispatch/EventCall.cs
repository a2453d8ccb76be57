using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Dispatch;

/// <summary>One event and its message, written once and read by each listener for itself.</summary>
/// <param name="Body">The message.</param>
/// <param name="Context">What the listeners are told beside it.</param>
internal readonly record struct EventCall(byte[] Body, MessageContext Context)
{
    /// <summary>Makes it.</summary>
    public static EventCall Of<T>(T message, MessageContext context)
        where T : IMessage<T> => new(MessageBody.From(message, T.Serializer).Bytes.ToArray(), context);

    /// <summary>Calls the listeners, one after the other, in a scope of their own. Never throws: what one of them throws is logged, and the next one hears of it all the same.</summary>
    public async ValueTask TellAsync(Dispatcher dispatcher, ActionEntry listeners)
    {
        try
        {
            AsyncServiceScope scope = dispatcher.CreateScope();
            for (int i = 0; i < listeners.Listeners.Length; i++)
            {
                await TellAsync(dispatcher, listeners, i, scope.ServiceProvider).ConfigureAwait(false);
            }

            await scope.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // User code: nothing of it may end the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            dispatcher.ListenerFailed(listeners.Listeners[0].ListenerType, listeners.Action, Context.Sender, e);
        }
    }

    private async ValueTask TellAsync(Dispatcher dispatcher, ActionEntry listeners, int index, IServiceProvider services)
    {
        try
        {
            await Invoke(dispatcher, listeners, index, services).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The next listener hears of it all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            dispatcher.ListenerFailed(listeners.Listeners[index].ListenerType, listeners.Action, Context.Sender, e);
        }
    }

    private ValueTask Invoke(Dispatcher dispatcher, ActionEntry listeners, int index, IServiceProvider services) => listeners.Listeners[index].InvokeAsync(new ListenerCall
    {
        Body = Body,
        Context = Context,
        Services = services,
        Singleton = listeners.GetSingleton(index, dispatcher.Services),
        HasFilters = dispatcher.HasFilters,
        CancellationToken = dispatcher.Stopping,
    });
}
