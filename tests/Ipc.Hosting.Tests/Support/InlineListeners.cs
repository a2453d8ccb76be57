using System.Diagnostics;
using System.Globalization;

namespace Ipc.Hosting.Tests;

/// <summary>Asks what a listener finds around it; it leaves other things behind.</summary>
[Message("test.leave")]
public partial record Leave(string Value) : IRequestMessage<string>;

/// <summary>Asks what SynchronizationContext a listener finds; it leaves one behind.</summary>
[Message("test.leave.context")]
public partial record LeaveContext : IRequestMessage<string>;

/// <summary>Has two listeners: what the first one leaves behind the second one looks for.</summary>
[Message("test.leave.next")]
public partial record LeaveToNext;

/// <summary>Makes a listener block its thread until another one has answered.</summary>
[Message("test.block")]
public partial record BlockOn(int[] Path, string Question) : IRequestMessage<string>;

/// <summary>Goes to and fro between two workers.</summary>
[Message("test.bounce")]
public partial record struct Bounce(int Left);

/// <summary>Counts how often it is written.</summary>
[Message("test.counted")]
public partial class Counted
{
    private int _value;

    public static int Written { get; set; }

    public int Value
    {
        get
        {
            Written++;
            return _value;
        }

        set => _value = value;
    }
}

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class LeaveListener : IListener<Leave, string>
{
    private static readonly AsyncLocal<string?> s_local = new();

    public ValueTask<string> HandleAsync(Leave message, MessageContext context, CancellationToken cancellationToken)
    {
        string found = $"{Thread.CurrentThread.Name}|{s_local.Value}|{CultureInfo.CurrentCulture.Name}|{CultureInfo.CurrentUICulture.Name}|{Activity.Current?.OperationName}";
        s_local.Value = message.Value;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo("tr-TR");
        new Activity(message.Value).Start();
        return new(found);
    }
}

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class LeaveContextListener : IListener<LeaveContext, string>
{
    public ValueTask<string> HandleAsync(LeaveContext message, MessageContext context, CancellationToken cancellationToken)
    {
        string found = $"{Thread.CurrentThread.Name}|{SynchronizationContext.Current?.GetType().Name}";
        SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        return new(found);
    }
}

[Listener(RunsIn = ListenerPlaces.Workers, Priority = 2)]
internal sealed class LeaveToNextListener : IListener<LeaveToNext>
{
    public static AsyncLocal<string?> Local { get; } = new();

    public ValueTask HandleAsync(LeaveToNext message, MessageContext context, CancellationToken cancellationToken)
    {
        Local.Value = "left";
        SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        return default;
    }
}

[Listener(RunsIn = ListenerPlaces.Workers, Priority = 1)]
internal sealed class FindListener(Recorder recorder) : IListener<LeaveToNext>
{
    public ValueTask HandleAsync(LeaveToNext message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{LeaveToNextListener.Local.Value}|{SynchronizationContext.Current?.GetType().Name}");
        return default;
    }
}

[Listener(Lifetime = ListenerLifetime.Singleton, Concurrent = true)]
internal sealed class BlockOnListener(IMessageSender sender) : IListener<BlockOn, string>
{
    public ValueTask<string> HandleAsync(BlockOn message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.Path.Length == 0)
        {
            return new("nothing to wait for");
        }

        var target = Target.Worker(message.Path[0]);
        Task<string> answer = message.Path.Length == 1
            ? sender.RequestAsync(new Slow(message.Question), target, cancellationToken: CancellationToken.None).AsTask()
            : sender.RequestAsync(new BlockOn(message.Path[1..], message.Question), target, cancellationToken: CancellationToken.None).AsTask();
        answer.Wait(CancellationToken.None);
        return new(answer.Result);
    }
}

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class BounceListener(IMessageSender sender, IpcProcess process, Recorder recorder) : IListener<Bounce>
{
    private const int Sample = 500;
    private int _deepest;

    public ValueTask HandleAsync(Bounce message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.Left % Sample < 2)
        {
            _deepest = Math.Max(_deepest, new StackTrace().FrameCount);
        }

        if (message.Left == 0)
        {
            recorder.Add(_deepest.ToString(CultureInfo.InvariantCulture));
            return default;
        }

        return sender.SendAsync(new Bounce(message.Left - 1), Target.Worker(1 - process.WorkerId), cancellationToken: CancellationToken.None);
    }
}

[Listener(RunsIn = ListenerPlaces.Workers)]
internal sealed class CountedListener(Recorder recorder) : IListener<Counted>
{
    public ValueTask HandleAsync(Counted message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add("counted");
        return default;
    }
}
