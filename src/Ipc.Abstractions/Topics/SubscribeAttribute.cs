namespace Ipc;

/// <summary>Makes a class a listener to topics: it gets every message that <see cref="ITopics.PublishAsync{TMessage}"/> publishes under one that fits the pattern. The class implements <see cref="IListener{TMessage}"/>.</summary>
/// <remarks>All classes of a process with the same pattern get one message one after the other, the highest <see cref="Priority"/> first.</remarks>
/// <param name="pattern">The topics: segments between dots, of which <c>*</c> stands for one and <c>&gt;</c>, as the last, for all that are left: <c>orders.*</c>, <c>orders.&gt;</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SubscribeAttribute(string pattern) : Attribute
{
    /// <summary>The topics.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>
    /// The name of a work queue: of all subscriptions of the cluster with this name that fit a topic one gets each message, that of the process that is ready and has the fewest open requests of the
    /// publisher. Default <see langword="null"/>: each gets each.
    /// </summary>
    /// <remarks>
    /// The message is acknowledged when the listener has ended without an exception. When its process ends before that, or cancels the listener because it stops, the publisher gives it to another one, with
    /// <see cref="MessageContext.DeliveryCount"/>, at most <see cref="MaxDeliveries"/> times, then it is set aside as a <see cref="DeadLetter"/>; so it is at once when the listener throws. At
    /// most 100 characters, without colons, white space and control characters. Of one process one class may subscribe to a pattern with a name.
    /// </remarks>
    public string? Queue { get; set; }

    /// <summary>Of listeners with the same pattern the highest runs first. Default 0.</summary>
    public int Priority { get; set; }

    /// <summary>In which processes the listener exists, and so who has subscribed. Default <see cref="ListenerPlaces.Everywhere"/>: each process gets each message.</summary>
    public ListenerPlaces RunsIn { get; set; } = ListenerPlaces.Everywhere;

    /// <summary>How long one instance lives. Default <see cref="ListenerLifetime.Scoped"/>: one instance, in a scope of its own, per message.</summary>
    public ListenerLifetime Lifetime { get; set; }

    /// <summary>Lets messages of one sender overlap and overtake each other in this listener. Default <see langword="false"/>: one after the other.</summary>
    public bool Concurrent { get; set; }

    /// <summary>Whether clients, programs that joined through the endpoint, may publish to this subscription. Default <see langword="false"/>: it does not get what they publish, and where nobody may they get <see cref="IpcError.NotAllowed"/>.</summary>
    public bool AllowClients { get; set; }

    /// <inheritdoc cref="ListenerAttribute.Redelivery" path="/summary"/>
    /// <remarks>In shared memory only. Not with <see cref="Queue"/>, whose messages are always delivered again.</remarks>
    public bool Redelivery { get; set; }

    /// <summary>With <see cref="Redelivery"/> or <see cref="Queue"/>: how often a message is given to a listener at most, when its process dies each time; then it is set aside as a <see cref="DeadLetter"/>. From 1 to 100; default 5.</summary>
    public int MaxDeliveries { get; set; } = 5;
}
