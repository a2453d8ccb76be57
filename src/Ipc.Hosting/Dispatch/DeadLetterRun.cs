using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Dispatch;

/// <summary>Tells the listeners of the dead-letter event, one after the other, in a scope of their own; the message is finished when they have ended.</summary>
internal sealed class DeadLetterRun(Dispatcher dispatcher, ActionEntry listeners, DeadLetter letter, MessageContext context, FrameLease lease, SenderState sender) : IThreadPoolWorkItem
{
    private readonly byte[] _body = MessageBody.From(letter, DeadLetter.Serializer).Bytes.ToArray();

    /// <summary>Runs on the pool.</summary>
    public async void Execute()
    {
        try
        {
            AsyncServiceScope scope = dispatcher.CreateScope();
            for (int i = 0; i < listeners.Listeners.Length; i++)
            {
                await InvokeAsync(i, scope.ServiceProvider).ConfigureAwait(false);
            }

            await scope.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // User code: nothing of it may end the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            dispatcher.ListenerFailed(listeners.Listeners[0].ListenerType, listeners.Action, sender.Id, e);
        }

        lease.Dispose();
        dispatcher.Release(sender);
        dispatcher.Finished(null);
    }

    private async ValueTask InvokeAsync(int index, IServiceProvider services)
    {
        try
        {
            await Invoke(index, services).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The next listener hears of it all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            dispatcher.ListenerFailed(listeners.Listeners[index].ListenerType, listeners.Action, sender.Id, e);
        }
    }

    private ValueTask Invoke(int index, IServiceProvider services) => listeners.Listeners[index].InvokeAsync(new ListenerCall
    {
        Body = _body,
        Context = context,
        Services = services,
        Singleton = listeners.GetSingleton(index, dispatcher.Services),
        HasFilters = dispatcher.HasFilters,
        CancellationToken = dispatcher.Stopping,
    });
}
