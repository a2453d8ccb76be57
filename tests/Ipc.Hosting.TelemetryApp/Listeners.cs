namespace Ipc.Hosting.TelemetryApp;

[Listener(RunsIn = ListenerPlaces.Workers)]
internal sealed class OrderListener(IMessageSender sender) : IListener<Order, string>
{
    public async ValueTask<string> HandleAsync(Order message, MessageContext context, CancellationToken cancellationToken)
    {
        int price = await sender.RequestAsync(new Price(message.Number), Target.Worker(1), cancellationToken: cancellationToken);
        await sender.SendAsync(new Placed(message.Number, false), Target.Worker(1), cancellationToken: cancellationToken);
        return $"{price} in {Environment.ProcessId}";
    }
}

[Listener(RunsIn = ListenerPlaces.Workers, Lifetime = ListenerLifetime.Singleton)]
internal sealed class PriceListener : IListener<Price, int>
{
    public ValueTask<int> HandleAsync(Price message, MessageContext context, CancellationToken cancellationToken) => new(Environment.ProcessId);
}

[Listener(RunsIn = ListenerPlaces.Workers)]
internal sealed class PlacedListener(IMessageSender sender) : IListener<Placed>
{
    public async ValueTask HandleAsync(Placed message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.Busy)
        {
            await sender.SendAsync(new Seen(-message.Number, Environment.ProcessId), Target.Supervisor, cancellationToken: cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken); // the process is killed here
        }

        await sender.SendAsync(new Seen(message.Number, Environment.ProcessId), Target.Supervisor, cancellationToken: cancellationToken);
    }
}

[Listener(RunsIn = ListenerPlaces.Workers)]
internal sealed class RefusedListener : IListener<Refused, int>
{
    public ValueTask<int> HandleAsync(Refused message, MessageContext context, CancellationToken cancellationToken) => throw new NotSupportedException("No.");
}

[Listener(RunsIn = ListenerPlaces.Supervisor, Lifetime = ListenerLifetime.Singleton)]
internal sealed class SeenListener(SeenNumbers seen) : IListener<Seen>
{
    public ValueTask HandleAsync(Seen message, MessageContext context, CancellationToken cancellationToken)
    {
        seen[message.Number].TrySetResult(message.ProcessId);
        return default;
    }
}
