namespace Ipc;

/// <summary>What can be said about one run-time subscription. Immutable; share instances freely.</summary>
public sealed record SubscribeOptions
{
    /// <summary>Lets messages of one sender overlap and overtake each other in this subscription. Default <see langword="false"/>: one after the other.</summary>
    public bool Concurrent { get; init; }
}
