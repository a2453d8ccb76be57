using Ipc;

namespace TextStats;

/// <summary>Answers the roll-call in a worker.</summary>
[Listener(RunsIn = ListenerPlaces.Workers, Lifetime = ListenerLifetime.Singleton)]
internal sealed class RollCallListener(IpcProcess process) : IListener<RollCall, int>
{
    public ValueTask<int> HandleAsync(RollCall message, MessageContext context, CancellationToken cancellationToken) => new(process.WorkerId);
}
