using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Hosting.Tests;

[Listener]
internal sealed class NoteListener(Recorder recorder, IpcProcess process) : IListener<Note>
{
    public ValueTask HandleAsync(Note message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{process.Group}/{process.WorkerId}:{message.Text}:{context.Action}:{context.Sender}");
        return default;
    }
}

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class DoubleListener(IpcProcess process) : IListener<Double, Doubled>
{
    public ValueTask<Doubled> HandleAsync(Double message, MessageContext context, CancellationToken cancellationToken) =>
        new(new Doubled(message.Number * 2, process.WorkerId));
}

[Listener]
internal sealed class FailListener : IListener<Fail, string>
{
    public ValueTask<string> HandleAsync(Fail message, MessageContext context, CancellationToken cancellationToken) =>
        throw new InvalidTimeZoneException(message.Reason);
}

[Listener]
internal sealed class SlowListener(Gates gates, Recorder recorder) : IListener<Slow, string>
{
    public async ValueTask<string> HandleAsync(Slow message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"slow {message.Name}");
        gates.Started.TrySetResult();
        try
        {
            await gates.Release.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            gates.Cancelled.TrySetResult();
            throw;
        }

        return $"done {message.Name}";
    }
}

[Listener]
internal sealed class OrderedListener(Recorder recorder) : IListener<Ordered>
{
    public async ValueTask HandleAsync(Ordered message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.Number % 7 == 0)
        {
            await Task.Yield();
        }

        recorder.Add($"{message.Number}");
    }
}

[Listener]
internal sealed class ByHandListener(IMessageSender sender) : IListener<ByHand>
{
    public ValueTask HandleAsync(ByHand message, MessageContext context, CancellationToken cancellationToken) =>
        sender.SendAsync(new ByHandAnswer($"answer to {message.Question}"), Target.Peer(context.Sender), cancellationToken: cancellationToken);
}

[Listener]
internal sealed class ByHandAnswerListener(Recorder recorder, IpcProcess process) : IListener<ByHandAnswer>
{
    public ValueTask HandleAsync(ByHandAnswer message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{process.Id}:{message.Text}");
        return default;
    }
}

[Listener(RunsIn = ListenerPlaces.Supervisor)]
internal sealed class SupervisorOnlyListener(Recorder recorder, IpcProcess process) : IListener<ForSupervisor>
{
    public ValueTask HandleAsync(ForSupervisor message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"{process.Group}:{message.Text}");
        return default;
    }
}

[Listener(Priority = 1)]
internal sealed class LowPriorityListener(Recorder recorder) : IListener<Prioritised>
{
    public ValueTask HandleAsync(Prioritised message, MessageContext context, CancellationToken cancellationToken)
    {
        recorder.Add($"low {message.Text}");
        return default;
    }
}

[Listener(Priority = 10)]
internal sealed class HighPriorityListener(Recorder recorder) : IListener<Prioritised>
{
    public async ValueTask HandleAsync(Prioritised message, MessageContext context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        recorder.Add($"high {message.Text}");
    }
}

[Listener]
internal sealed class HeadersListener : IListener<WithHeaders, string>
{
    public ValueTask<string> HandleAsync(WithHeaders message, MessageContext context, CancellationToken cancellationToken) =>
        new(context.Headers.TryGetValue(message.Key, out string? value) ? value : "none");
}

[Listener]
internal sealed class ScopeListener(ScopedThing first, IServiceProvider services) : IListener<CountScopes, string>
{
    public ValueTask<string> HandleAsync(CountScopes message, MessageContext context, CancellationToken cancellationToken) =>
        new($"{first.Id}:{ReferenceEquals(first, services.GetRequiredService<ScopedThing>())}");
}

/// <summary>One per dependency injection scope.</summary>
public sealed class ScopedThing : IDisposable
{
    private static int s_count;

    public int Id { get; } = Interlocked.Increment(ref s_count);

    public static int Disposed { get; private set; }

    public void Dispose() => Disposed++;
}
