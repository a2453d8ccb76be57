namespace Ipc;

/// <summary>What can be said about one run-time subscription. Immutable; share instances freely.</summary>
public sealed record SubscribeOptions
{
    /// <summary>Lets messages of one sender overlap and overtake each other in this subscription. Default <see langword="false"/>: one after the other.</summary>
    public bool Concurrent { get; init; }

    /// <inheritdoc cref="SubscribeAttribute.Queue"/>
    public string? Queue { get; init; }

    /// <summary>With <see cref="Queue"/>: how often a message is given to a subscriber at most, when its process dies each time; then it is set aside as a <see cref="DeadLetter"/>. From 1 to 100; default 5.</summary>
    public int MaxDeliveries { get; init; } = 5;
}
