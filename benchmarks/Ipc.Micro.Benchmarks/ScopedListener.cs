namespace Ipc.Micro.Benchmarks;

/// <summary>Answers at once, with one injected service.</summary>
[Listener]
internal sealed class ScopedListener(Dependency dependency) : IListener<ToScoped, ToScoped>
{
    public async ValueTask<ToScoped> HandleAsync(ToScoped message, MessageContext context, CancellationToken cancellationToken)
    {
        dependency.Uses++;
        await Task.CompletedTask;
        return message;
    }
}
