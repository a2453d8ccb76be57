namespace Ipc.Hosting.TestApp;

/// <summary>Has a line with process, topic and text appended to a file of the process that gets it.</summary>
[Message("app.news")]
public partial record News(string File, string Text);

/// <summary>Subscribes in the process that gets it.</summary>
[Message("app.subscribe")]
public partial record SubscribeHere(string Pattern) : IRequestMessage<int>;

/// <summary>Publishes news from the process that gets it, and answers how many inboxes have them.</summary>
[Message("app.publish")]
public partial record PublishHere(string Topic, News News) : IRequestMessage<int>;

[Subscribe("news.*", RunsIn = ListenerPlaces.Workers)]
internal sealed class NewsListener : IListener<News>
{
    public ValueTask HandleAsync(News message, MessageContext context, CancellationToken cancellationToken)
    {
        FragileListener.Append($"{message.File}.{Environment.ProcessId}", $"{Environment.ProcessId} {context.Topic} {message.Text}\n"); // a file for each process: two may not write to one
        return default;
    }
}

/// <summary>One of the workers gets each: <c>run</c>, <c>block-once</c>, or <c>die</c> in each of them. A file for each process.</summary>
[Subscribe("jobs.*", Queue = "crew", RunsIn = ListenerPlaces.Workers, MaxDeliveries = 3)]
internal sealed class JobListener : IListener<Fragile>
{
    public async ValueTask HandleAsync(Fragile message, MessageContext context, CancellationToken cancellationToken)
    {
        FragileListener.Append($"{message.File}.{Environment.ProcessId}", $"{message.Number} delivery {context.DeliveryCount} in {Environment.ProcessId}\n");
        if (message.How == "die")
        {
            _ = Native.Kill(Environment.ProcessId, 9);
        }

        if (message.How != "run" && context.DeliveryCount == 1)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}

[Listener]
internal sealed class SubscribeHereListener(ITopics topics) : IListener<SubscribeHere, int>
{
    public async ValueTask<int> HandleAsync(SubscribeHere message, MessageContext context, CancellationToken cancellationToken)
    {
        await topics.SubscribeAsync<News>(message.Pattern, new NewsListener().HandleAsync, cancellationToken: cancellationToken);
        return Environment.ProcessId;
    }
}

[Listener]
internal sealed class PublishHereListener(ITopics topics) : IListener<PublishHere, int>
{
    public async ValueTask<int> HandleAsync(PublishHere message, MessageContext context, CancellationToken cancellationToken) =>
        await topics.PublishAsync(message.Topic, message.News, cancellationToken: cancellationToken);
}
