namespace Ipc.Hosting.Tests;

[Message("test.touchy")]
public partial record TouchySet(HashSet<Touchy> Items);

[Listener]
internal sealed class TouchyListener(Recorder recorder) : IListener<TouchySet, int>
{
    public ValueTask<int> HandleAsync(TouchySet message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"touchy:{message.Items.Count}");
        return new(message.Items.Count);
    }
}

[Listener("PIPE_MESSAGE.test.echo")]
internal sealed class EchoListener : IListener<MessageBody, MessageBody>
{
    public ValueTask<MessageBody> HandleAsync(MessageBody message, MessageContext context, CancellationToken cancellationToken) => new(message);
}
