using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ipc.Hosting.TestApp;

[Listener(AllowClients = true)]
internal sealed class WhoListener(IpcProcess process, IServiceProvider services) : IListener<WhoAreYou, Identity>
{
    public ValueTask<Identity> HandleAsync(WhoAreYou message, MessageContext context, CancellationToken cancellationToken) => new(new Identity(
        Environment.ProcessId,
        Native.GetParentId(),
        process.Group,
        process.WorkerId,
        process.Incarnation,
        services.GetService<WorkerOnly>()?.Kind ?? "none",
        Environment.GetEnvironmentVariable(message.Variable) ?? "",
        Environment.GetEnvironmentVariable("IPC_WORKER") ?? "",
        Environment.GetCommandLineArgs()[1..],
        Environment.CurrentDirectory));
}

[Listener(AllowClients = true)]
internal sealed class TellListener(IMessageSender sender) : IListener<Tell>
{
    public ValueTask HandleAsync(Tell message, MessageContext context, CancellationToken cancellationToken) =>
        sender.SendAsync(new Told(message.Text), Target.Client(message.Client), cancellationToken: cancellationToken);
}

[Listener]
internal sealed class RelayListener(IMessageSender sender) : IListener<Relay, Identity>
{
    public ValueTask<Identity> HandleAsync(Relay message, MessageContext context, CancellationToken cancellationToken) =>
        sender.RequestAsync(new WhoAreYou(), Target.Worker(message.To), cancellationToken: cancellationToken);
}

[Listener]
internal sealed class CircleListener(IMessageSender sender) : IListener<Circle, string>
{
    public async ValueTask<string> HandleAsync(Circle message, MessageContext context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return message.Path.Length == 0
            ? $"reached {Environment.ProcessId}"
            : await sender.RequestAsync(new Circle(message.Path[1..]), Target.Worker(message.Path[0]), cancellationToken: cancellationToken);
    }
}

[Listener]
internal sealed class AppendListener : IListener<Append>
{
    public async ValueTask HandleAsync(Append message, MessageContext context, CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(message.File, message.Line + "\n", CancellationToken.None);
        if (message.DelayMilliseconds > 0)
        {
            await Task.Delay(message.DelayMilliseconds, CancellationToken.None);
        }
    }
}

[Listener]
internal sealed class PressListener : IListener<Press>
{
    public ValueTask HandleAsync(Press message, MessageContext context, CancellationToken cancellationToken)
    {
        File.AppendAllText(message.File, message.Line + "\n");
        Thread.Sleep(message.BlockMilliseconds);
        return default;
    }
}

[Listener(AllowClients = true)]
internal sealed class SleepListener : IListener<Sleep, string>
{
    public async ValueTask<string> HandleAsync(Sleep message, MessageContext context, CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(message.MarkerFile, "started\n", CancellationToken.None);
        try
        {
            await Task.Delay(message.Milliseconds, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await File.AppendAllTextAsync(message.MarkerFile, "cancelled\n", CancellationToken.None);
            throw;
        }

        await File.AppendAllTextAsync(message.MarkerFile, "finished\n", CancellationToken.None);
        return "slept";
    }
}

[Listener]
internal sealed class SpinListener : IListener<Spin>
{
    private static int s_turns;

    public ValueTask HandleAsync(Spin message, MessageContext context, CancellationToken cancellationToken) => message.Number < 0 ? AwaitAsync(message) : Run(message);

    private static async ValueTask AwaitAsync(Spin message)
    {
        await Task.Yield();
        await Run(message);
    }

    private static ValueTask Run(Spin message)
    {
        while (message.File.Length == 0)
        {
            s_turns++;
        }

        File.AppendAllText(message.File, $"{message.Number}\n");
        return default;
    }
}

[Listener]
internal sealed class BlockListener : IListener<Block, string>
{
    public ValueTask<string> HandleAsync(Block message, MessageContext context, CancellationToken cancellationToken)
    {
        Thread.Sleep(message.Milliseconds);
        return new($"blocked {Thread.CurrentThread.Name}");
    }
}

[Listener]
internal sealed class EndListener : IListener<EndYourself>
{
    private const int Block = 1 << 24;

    public ValueTask HandleAsync(EndYourself message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.How == "exit 3")
        {
            Environment.Exit(3);
        }

        while (message.How == "memory")
        {
            nint block = Marshal.AllocHGlobal(Block); // the runtime's own heap would throw before the kernel kills
            for (int offset = 0; offset < Block; offset += Environment.SystemPageSize)
            {
                Marshal.WriteByte(block, offset, 1); // each page is there now
            }
        }

        if (message.How == "throw")
        {
            new Thread(() => throw new InvalidTimeZoneException("nobody catches this")).Start();
            Thread.Sleep(Timeout.Infinite);
        }

        _ = Native.Kill(Environment.ProcessId, 9);
        return default;
    }
}

[Listener]
internal sealed class SayListener(ILogger<SayListener> logger) : IListener<Say>
{
    public ValueTask HandleAsync(Say message, MessageContext context, CancellationToken cancellationToken)
    {
        switch (message.How)
        {
            case "log":
                logger.LogWarning(new EventId(7), "{Text}", message.Text);
                break;
            case "error":
                Console.Error.WriteLine(message.Text);
                break;
            case "last":
                Console.Write(message.Text);
                Console.Out.Flush();
                _ = Native.Kill(Environment.ProcessId, 9);
                break;
            default:
                Console.WriteLine(message.Text);
                break;
        }

        return default;
    }
}

[Listener]
internal sealed class SpawnListener : IListener<Spawn, string>
{
    public async ValueTask<string> HandleAsync(Spawn message, MessageContext context, CancellationToken cancellationToken)
    {
        Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"{message.Command}; echo end; wait"]) { RedirectStandardOutput = true })!;
        var lines = new List<string>();
        while (await shell.StandardOutput.ReadLineAsync(cancellationToken) is { } line and not "end")
        {
            lines.Add(line);
        }

        return string.Join(' ', lines);
    }
}

[Listener(Redelivery = true, MaxDeliveries = 3)]
internal sealed class FragileListener(IpcProcess process) : IListener<Fragile>
{
    private static readonly Lock Appending = new();

    /// <summary>Two appends at a time begin at one place, and one of the lines is gone.</summary>
    public static void Append(string file, string line)
    {
        lock (Appending)
        {
            File.AppendAllText(file, line);
        }
    }

    public async ValueTask HandleAsync(Fragile message, MessageContext context, CancellationToken cancellationToken)
    {
        Append(message.File, $"{message.Number} delivery {context.DeliveryCount} in {process.Incarnation}\n");
        bool isFirst = context.DeliveryCount == 1;
        if (message.How == "die" || (message.How == "die-once" && isFirst))
        {
            _ = Native.Kill(Environment.ProcessId, 9);
        }
        else if (message.How == "block-once" && isFirst)
        {
            Thread.Sleep(Timeout.Infinite);
        }
        else if (message.How == "wait-once" && isFirst)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}

[Listener(DeadLetter.EventName)]
internal sealed class DeadLetterListener(IpcProcess process) : IListener<DeadLetter>
{
    public ValueTask HandleAsync(DeadLetter message, MessageContext context, CancellationToken cancellationToken)
    {
        Fragile body = MessageBody.Parse(message.Body.Span).As(Ipc.Serialization.MessageSerializer.Of<Fragile>());
        FragileListener.Append(
            body.File, $"{body.Number} dead: {message.Reason} {message.Action} from {message.Sender} after {message.DeliveryCount} in {process.Incarnation}\n");
        return default;
    }
}

[Listener]
internal sealed class BigListener : IListener<Big, long>
{
    public ValueTask<long> HandleAsync(Big message, MessageContext context, CancellationToken cancellationToken)
    {
        long sum = 0;
        foreach (byte b in message.Bytes)
        {
            sum += b;
        }

        return new(sum);
    }
}

internal static partial class Native
{
    [DllImport("libc", EntryPoint = "getppid")]
    public static extern int GetParentId();

    [DllImport("libc", EntryPoint = "kill")]
    public static extern int Kill(int processId, int signal);
}

[Listener]
internal sealed class GrowListener : IListener<Grow>
{
    private static byte[] s_held = [];

    public ValueTask HandleAsync(Grow message, MessageContext context, CancellationToken cancellationToken)
    {
        s_held = new byte[message.Bytes];
        s_held.AsSpan().Fill(1); // each page is there now
        GC.KeepAlive(s_held);
        return default;
    }
}
