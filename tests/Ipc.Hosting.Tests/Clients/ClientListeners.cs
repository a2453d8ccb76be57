using System.Collections.Concurrent;

namespace Ipc.Hosting.Tests.Clients;

[Message("client.ask")]
public partial record ClientAsk(string Text) : IRequestMessage<string>;

[Message("client.closed")]
public partial record ClientClosed(string Text) : IRequestMessage<string>;

[Message("client.note")]
public partial record ClientNote(string Text);

[Message("client.slow")]
public partial record ClientSlow(string Text) : IRequestMessage<string>;

[Listener(AllowClients = true)]
internal sealed class ClientAskListener(IpcProcess process) : IListener<ClientAsk, string>
{
    public ValueTask<string> HandleAsync(ClientAsk message, MessageContext context, CancellationToken cancellationToken) => new($"{process.Id} heard {message.Text} from {context.Sender}");
}

[Listener]
internal sealed class ClientClosedListener : IListener<ClientClosed, string>
{
    public ValueTask<string> HandleAsync(ClientClosed message, MessageContext context, CancellationToken cancellationToken) => new($"open for {context.Sender}");
}

[Listener(AllowClients = true)]
internal sealed class ClientNoteListener(Recorder recorder, IpcProcess process) : IListener<ClientNote>
{
    public ValueTask HandleAsync(ClientNote message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{process.Id} got {message.Text} from {context.Sender}");
        return default;
    }
}

[Listener(AllowClients = true)]
internal sealed class ClientSlowListener(Gates gates) : IListener<ClientSlow, string>
{
    public async ValueTask<string> HandleAsync(ClientSlow message, MessageContext context, CancellationToken cancellationToken)
    {
        gates.Started.TrySetResult();
        await gates.Release.Task; // on purpose deaf to the token
        return message.Text;
    }
}

[Message("client.published")]
public partial record ClientPublished(string Text);

[Subscribe("clients.open", AllowClients = true)]
internal sealed class OpenSubscriber(Recorder recorder, IpcProcess process) : IListener<ClientPublished>
{
    public ValueTask HandleAsync(ClientPublished message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{process.Id} heard {message.Text} published by {context.Sender}");
        return default;
    }
}

[Subscribe("clients.closed", RunsIn = ListenerPlaces.Workers)]
internal sealed class ClosedSubscriber(Recorder recorder) : IListener<ClientPublished>
{
    public ValueTask HandleAsync(ClientPublished message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"closed: {message.Text}");
        return default;
    }
}

/// <summary>Who has come and gone, as one peer was told.</summary>
internal sealed class PresenceLog
{
    public ConcurrentQueue<string> Lines { get; } = [];
}

[Listener(PeerJoined.EventName)]
[Listener(PeerLeft.EventName)]
internal sealed class PresenceListener(PresenceLog? log = null) : IListener<PeerJoined>, IListener<PeerLeft>
{
    public ValueTask HandleAsync(PeerJoined message, MessageContext context, CancellationToken cancellationToken)
    {
        log?.Lines.Enqueue($"+{message.Peer}");
        return default;
    }

    public ValueTask HandleAsync(PeerLeft message, MessageContext context, CancellationToken cancellationToken)
    {
        log?.Lines.Enqueue($"-{message.Peer}");
        return default;
    }
}

/// <summary>A contract that clients may call.</summary>
[IpcService(AllowClients = true)]
public interface ICounter
{
    ValueTask<int> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> CountAsync(int to, CancellationToken cancellationToken = default);
}

internal sealed class Counter : ICounter
{
    public async ValueTask<int> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        int sum = 0;
        await foreach (int number in numbers.WithCancellation(cancellationToken))
        {
            sum += number;
        }

        return sum;
    }

    public async IAsyncEnumerable<int> CountAsync(int to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 1; i <= to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
