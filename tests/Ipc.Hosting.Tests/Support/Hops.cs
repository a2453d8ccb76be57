namespace Ipc.Hosting.Tests;

/// <summary>Asks the first of a list of listeners, which asks the next: <c>1:a</c> is the listener a of worker 1, and with <c>?</c> behind it why it failed is the answer.</summary>
[Message("test.hop.a")]
public partial record HopA(string[] Path) : IRequestMessage<string>;

[Message("test.hop.b")]
public partial record HopB(string[] Path) : IRequestMessage<string>;

[Message("test.hop.concurrent")]
public partial record HopConcurrent(string[] Path) : IRequestMessage<string>;

/// <summary>A message without an answer that asks for the rest of the way, and records what came of it.</summary>
[Message("test.hop.start")]
public partial record HopStart(string[] Path);

/// <summary>Sends a message on its way.</summary>
internal static class Hop
{
    public static async ValueTask<string> OnAsync(IMessageSender sender, string[] path, bool late)
    {
        if (path.Length == 0)
        {
            return "arrived";
        }

        if (late)
        {
            await Task.Yield(); // the request is made on another thread, with nothing of the listener's but its execution context
        }

        var target = Target.Worker(path[0][0] - '0');
        string[] rest = path[1..];
        try
        {
            return path[0][2..].TrimEnd('?') switch
            {
                "a" => await sender.RequestAsync(new HopA(rest), target),
                "b" => await sender.RequestAsync(new HopB(rest), target),
                _ => await sender.RequestAsync(new HopConcurrent(rest), target),
            };
        }
        catch (IpcException e) when (path[0].EndsWith('?'))
        {
            return $"{e.GetType().Name} {e.Reason}";
        }
    }
}

[Listener]
internal sealed class HopAListener(IMessageSender sender) : IListener<HopA, string>
{
    public ValueTask<string> HandleAsync(HopA message, MessageContext context, CancellationToken cancellationToken) => Hop.OnAsync(sender, message.Path, late: true);
}

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class HopBListener(IMessageSender sender) : IListener<HopB, string>
{
    public ValueTask<string> HandleAsync(HopB message, MessageContext context, CancellationToken cancellationToken) => Hop.OnAsync(sender, message.Path, late: false);
}

[Listener(Concurrent = true)]
internal sealed class HopConcurrentListener(IMessageSender sender) : IListener<HopConcurrent, string>
{
    public ValueTask<string> HandleAsync(HopConcurrent message, MessageContext context, CancellationToken cancellationToken) =>
        Hop.OnAsync(sender, message.Path, late: true);
}

[Listener]
internal sealed class HopStartListener(IMessageSender sender, Recorder recorder) : IListener<HopStart>
{
    public async ValueTask HandleAsync(HopStart message, MessageContext context, CancellationToken cancellationToken)
    {
        try
        {
            recorder.Add(await Hop.OnAsync(sender, message.Path, late: true));
        }
        catch (IpcException e)
        {
            recorder.Add($"{e.Reason}: {e.Message}");
        }
    }
}
