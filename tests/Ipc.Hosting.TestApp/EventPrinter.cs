namespace Ipc.Hosting.TestApp;

/// <summary>Prints the life of workers where it hears of it, when the argument <c>events</c> asks for that.</summary>
[Listener(WorkerStarted.EventName)]
[Listener(WorkerReady.EventName)]
[Listener(WorkerStopping.EventName)]
[Listener(WorkerHung.EventName)]
[Listener(WorkerExited.EventName)]
[Listener(ReloadResult.EventName)]
internal sealed class EventPrinter(IpcProcess process)
    : IListener<WorkerStarted>, IListener<WorkerReady>, IListener<WorkerStopping>, IListener<WorkerHung>, IListener<WorkerExited>, IListener<ReloadResult>
{
    public ValueTask HandleAsync(WorkerStarted message, MessageContext context, CancellationToken cancellationToken) =>
        Print(context, $"{message.Worker} pid={message.ProcessId}");

    public ValueTask HandleAsync(WorkerReady message, MessageContext context, CancellationToken cancellationToken) =>
        Print(context, $"{message.Worker} pid={message.ProcessId}");

    public ValueTask HandleAsync(WorkerStopping message, MessageContext context, CancellationToken cancellationToken) =>
        Print(context, $"{message.Worker} pid={message.ProcessId} timeout={message.Timeout}");

    public ValueTask HandleAsync(WorkerHung message, MessageContext context, CancellationToken cancellationToken) => Print(
        context, $"{message.Worker} pid={message.ProcessId} cause={message.Cause} running=[{string.Join(", ", message.Running)}] waiting={message.Waiting} dump={message.DumpFile} reason={message.Reason}");

    public ValueTask HandleAsync(WorkerExited message, MessageContext context, CancellationToken cancellationToken) => Print(
        context,
        $"{message.Worker} pid={message.ProcessId} code={message.ExitCode} signal={message.Signal} asked={message.WasAskedFor} ready={message.WasReady} ran={message.RanFor > TimeSpan.Zero} "
        + $"running=[{string.Join(", ", message.Running.OrderBy(r => r.Action, StringComparer.Ordinal))}] lost=[{string.Join(", ", message.Lost)}] outcome={message.Outcome} again={message.RestartDelay > TimeSpan.Zero} "
        + $"dump={message.DumpFile} reason={message.Reason}");

    public ValueTask HandleAsync(ReloadResult message, MessageContext context, CancellationToken cancellationToken) =>
        Print(context, $"{message.Group} replaced=[{string.Join(", ", message.Replaced)}] problem={message.Problem}");

    private ValueTask Print(MessageContext context, string what)
    {
        if (Environment.GetCommandLineArgs().Contains("events"))
        {
            Console.WriteLine($"{process.Id} hears {context.Action} {what}");
        }

        return default;
    }
}
