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
}
