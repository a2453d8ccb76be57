namespace Ipc.Hosting.WebApp;

[Message("web.process")]
public partial record WhichProcess : IRequestMessage<int>;

[Listener]
internal sealed class WhichProcessListener : IListener<WhichProcess, int>
{
    public ValueTask<int> HandleAsync(WhichProcess message, MessageContext context, CancellationToken cancellationToken) => new(Environment.ProcessId);
}
