namespace Ipc.Hosting.Tests;

/// <summary>Listens to the life of workers, wherever it exists.</summary>
[Listener(WorkerStarted.EventName)]
[Listener(WorkerReady.EventName)]
[Listener(WorkerStopping.EventName)]
internal sealed class WorkerEventListener(IpcProcess process, EventLog? log = null) : IListener<WorkerStarted>, IListener<WorkerReady>, IListener<WorkerStopping>
{
    public ValueTask HandleAsync(WorkerStarted message, MessageContext context, CancellationToken cancellationToken) => Add(context, message.Worker);

    public ValueTask HandleAsync(WorkerReady message, MessageContext context, CancellationToken cancellationToken) => Add(context, message.Worker);

    public ValueTask HandleAsync(WorkerStopping message, MessageContext context, CancellationToken cancellationToken) => Add(context, message.Worker);

    private ValueTask Add(MessageContext context, PeerId worker)
    {
        log?.Add(process.Id, context, worker);
        return default;
    }
}
