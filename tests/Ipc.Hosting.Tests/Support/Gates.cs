namespace Ipc.Hosting.Tests;

/// <summary>Lets a test hold a listener and see that it has been cancelled.</summary>
public sealed class Gates
{
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the listener of <see cref="Blob"/> does; nothing when there is none.</summary>
    public Func<Blob, ValueTask>? OnBlob { get; set; }

    /// <summary>What the listener of <see cref="Probe"/> does; nothing when there is none.</summary>
    public Func<Probe, MessageContext, ValueTask>? OnProbe { get; set; }
}
