namespace Ipc.Hosting.Tests.Topics;

[Message("test.happening")]
public partial record Happening(int Number);

/// <summary>Subscribes in the process that gets it, or ends that subscription.</summary>
[Message("test.topic.subscribe")]
public partial record SubscribeThere(string Pattern, bool Ends) : IRequestMessage<int>;

/// <summary>Publishes numbers from the process that gets it, and answers how many inboxes have got the last.</summary>
[Message("test.topic.publish")]
public partial record PublishThere(string Topic, int Number) : IRequestMessage<int>;

/// <summary>What is to happen with it: <c>run</c>, <c>hold</c> or <c>throw</c>.</summary>
[Message("test.job")]
public partial record Job(int Number, string How);

[Subscribe("jobs.*", Queue = "crew", RunsIn = ListenerPlaces.Workers, MaxDeliveries = 3)]
internal sealed class JobListener(Recorder recorder, Gates gates, IpcProcess me) : IListener<Job>
{
    public async ValueTask HandleAsync(Job message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{me.Group}/{me.WorkerId} {context.Topic} {message.Number} delivery {context.DeliveryCount}");
        if (message.How == "hold")
        {
            gates.Started.TrySetResult();
            await gates.Release.Task;
        }
        else if (message.How == "throw")
        {
            throw new InvalidTimeZoneException();
        }
    }
}

[Listener(DeadLetter.EventName)]
internal sealed class JobsSetAside(Recorder recorder, IpcProcess me) : IListener<DeadLetter>
{
    public ValueTask HandleAsync(DeadLetter message, MessageContext context, CancellationToken cancellationToken)
    {
        Job job = MessageBody.Parse(message.Body.Span).As(Ipc.Serialization.MessageSerializer.Of<Job>());
        recorder.Add($"{me.Id} set aside {message.Reason} {message.Action} {job.Number} of {message.Sender} after {message.DeliveryCount}");
        return default;
    }
}

[Subscribe("orders.*", RunsIn = ListenerPlaces.Workers)]
internal sealed class OrdersListener(Recorder recorder, IpcProcess me) : IListener<Happening>
{
    public ValueTask HandleAsync(Happening message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{me.Group}/{me.WorkerId} {context.Action} {context.Topic} {message.Number}");
        return default;
    }
}

[Subscribe("orders.placed", RunsIn = ListenerPlaces.Supervisor)]
internal sealed class PlacedListener(Recorder recorder) : IListener<Happening>
{
    public ValueTask HandleAsync(Happening message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"supervisor {context.Action} {context.Topic} {message.Number}");
        return default;
    }
}

[Subscribe("orders.placed", RunsIn = ListenerPlaces.Supervisor, Priority = 1)]
internal sealed class PlacedFirstListener(Recorder recorder) : IListener<Happening>
{
    public ValueTask HandleAsync(Happening message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"supervisor first {context.Topic} {message.Number}");
        return default;
    }
}

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class SubscribeThereListener(ITopics topics, Recorder recorder, IpcProcess me) : IListener<SubscribeThere, int>
{
    private readonly Dictionary<string, IAsyncDisposable> _subscriptions = [];

    public async ValueTask<int> HandleAsync(SubscribeThere message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.Ends)
        {
            await _subscriptions[message.Pattern].DisposeAsync();
            return me.WorkerId;
        }

        _subscriptions[message.Pattern] = await topics.SubscribeAsync<Happening>(
            message.Pattern,
            (happening, about, _) =>
            {
                recorder.Add($"{me.Group}/{me.WorkerId} {about.Topic} {happening.Number}");
                return default;
            },
            cancellationToken: cancellationToken);
        return me.WorkerId;
    }
}

[Listener]
internal sealed class PublishThereListener(ITopics topics) : IListener<PublishThere, int>
{
    public async ValueTask<int> HandleAsync(PublishThere message, MessageContext context, CancellationToken cancellationToken) =>
        await topics.PublishAsync(message.Topic, new Happening(message.Number), cancellationToken: cancellationToken);
}
