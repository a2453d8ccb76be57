namespace Ipc;

/// <summary>Makes a class a listener: the generator adds it to the dispatch table of its assembly.</summary>
/// <param name="eventName">
/// The event, for example <c>PIPE_MESSAGE.order.placed</c>. <see langword="null"/> takes the action from the message type's <see cref="MessageAttribute"/>.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ListenerAttribute(string? eventName = null) : Attribute
{
    /// <summary>The event, or <see langword="null"/> for the message type's own.</summary>
    public string? EventName { get; } = eventName;

    /// <summary>Listeners of one event run one after the other, the highest priority first; equal ones in the order of their full names. Default 0.</summary>
    public int Priority { get; set; }

    /// <summary>In which processes the listener exists. Default <see cref="ListenerPlaces.Everywhere"/>.</summary>
    public ListenerPlaces RunsIn { get; set; } = ListenerPlaces.Everywhere;

    /// <summary>How long one instance lives. Default <see cref="ListenerLifetime.Scoped"/>: one instance, in a scope of its own, per message.</summary>
    public ListenerLifetime Lifetime { get; set; }

    /// <summary>Lets messages of one sender overlap and overtake each other in this listener. Default <see langword="false"/>: one after the other.</summary>
    public bool Concurrent { get; set; }

    /// <summary>
    /// Whether clients, programs that joined through the endpoint, may send to this listener. Default <see langword="false"/>: they get <see cref="IpcError.NotAllowed"/>. Of several listeners of
    /// one event all have to say so.
    /// </summary>
    public bool AllowClients { get; set; }

    /// <summary>
    /// Gives a one-way message to the worker's successor again when its process died after this listener had started and before it had ended. Default <see langword="false"/>: such a
    /// message is lost, logged and counted. A listener that says so must bear to see a message twice, also when it had done all of its work; <see cref="MessageContext.DeliveryCount"/> tells.
    /// </summary>
    /// <remarks>
    /// In shared memory only; over a pipe such messages are lost. Not for listeners that answer: a request is never run twice, its asker is told at
    /// once. Listeners of the same event that do not say so are left out when a message is delivered again.
    /// </remarks>
    public bool Redelivery { get; set; }

    /// <summary>
    /// How often a message is given to this listener at most, the first time included, when its process dies each time; then it is set aside as a <see cref="DeadLetter"/>. From 1 (never again)
    /// to 100; default 5. Of several listeners of one event the smallest number counts.
    /// </summary>
    public int MaxDeliveries { get; set; } = 5;
}
