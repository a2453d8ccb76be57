using Ipc;

namespace IpcWorker._1;

/// <summary>Answers <see cref="Greet"/>, in the workers.</summary>
[Listener(RunsIn = ListenerPlaces.Workers)]
public sealed class GreetListener(IpcProcess process) : IListener<Greet, Greeting>
{
    public ValueTask<Greeting> HandleAsync(Greet message, MessageContext context, CancellationToken cancellationToken) =>
        new(new Greeting($"Hello, {message.Name}!", process.WorkerId, Environment.ProcessId));
}
