using Ipc.Dispatch;
using Ipc.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Supervision;

/// <summary>What every supervisor listens to: the messages that change its workers.</summary>
internal static class ControlListeners
{
    /// <summary>Their rows.</summary>
    public static IReadOnlyList<ListenerDescriptor> All { get; } =
    [
        new ListenerDescriptor<Reload, ReloadWorkers, ReloadResult>(
            ListenerDescriptor.MessageEventPrefix + ReloadWorkers.Action,
            ReloadWorkers.Serializer,
            ReloadResult.Serializer,
            static services => new Reload(services.GetRequiredService<IWorkerControl>())) { RunsIn = ListenerPlaces.Supervisor, Concurrent = true },
        new ListenerDescriptor<Scale, ScaleWorkers, int>(
            ListenerDescriptor.MessageEventPrefix + ScaleWorkers.Action,
            ScaleWorkers.Serializer,
            BuiltInSerializers.Int32,
            static services => new Scale(services.GetRequiredService<IWorkerControl>())) { RunsIn = ListenerPlaces.Supervisor, Concurrent = true },
    ];

    private sealed class Reload(IWorkerControl control) : IListener<ReloadWorkers, ReloadResult>
    {
        public async ValueTask<ReloadResult> HandleAsync(ReloadWorkers message, MessageContext context, CancellationToken cancellationToken) =>
            await control.ReloadAsync(message.Group, cancellationToken).ConfigureAwait(false);
    }

    private sealed class Scale(IWorkerControl control) : IListener<ScaleWorkers, int>
    {
        public async ValueTask<int> HandleAsync(ScaleWorkers message, MessageContext context, CancellationToken cancellationToken)
        {
            await control.ScaleAsync(message.Group, message.Count, cancellationToken).ConfigureAwait(false);
            return message.Count;
        }
    }
}
