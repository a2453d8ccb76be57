namespace Ipc.Hosting.Tests;

[Message("test.relay")]
public partial record Relay(int To, string Question);

[Listener]
internal sealed class RelayListener(IMessageSender sender) : IListener<Relay>
{
    public ValueTask HandleAsync(Relay message, MessageContext context, CancellationToken cancellationToken) =>
        sender.SendAsync(new ByHand(message.Question), Target.Worker(message.To), cancellationToken: cancellationToken);
}

[Listener("PIPE_MESSAGE.test.bare.text")]
internal sealed class TextListener : IListener<string, string>
{
    public ValueTask<string> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => new($"text:{message}");
}

[Listener("PIPE_MESSAGE.test.bare.number")]
internal sealed class NumberListener : IListener<int, int>
{
    public ValueTask<int> HandleAsync(int message, MessageContext context, CancellationToken cancellationToken) => new(message + 1);
}

[Listener("PIPE_MESSAGE.test.bare.bytes")]
internal sealed class BytesListener : IListener<byte[], byte[]>
{
    public ValueTask<byte[]> HandleAsync(byte[] message, MessageContext context, CancellationToken cancellationToken)
    {
        Array.Reverse(message);
        return new(message);
    }
}

[Message("test.stubborn")]
public partial record Stubborn(string Text) : IRequestMessage<string>;

[Listener]
internal sealed class StubbornListener(Gates gates) : IListener<Stubborn, string>
{
    public async ValueTask<string> HandleAsync(Stubborn message, MessageContext context, CancellationToken cancellationToken)
    {
        await gates.Release.Task;
        return message.Text;
    }
}
