using System.Runtime.CompilerServices;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Dispatch;

/// <summary>One row of a dispatch table: a listener, its event, and how to construct and call it without reflection.</summary>
public abstract class ListenerDescriptor
{
    /// <summary>The family of events that are messages between processes.</summary>
    public const string MessageEventPrefix = "PIPE_MESSAGE.";

    /// <summary>The family of events that are messages of topics; a pattern stands behind it.</summary>
    public const string TopicEventPrefix = "TOPIC.";

    private bool _allowsClients;

    private protected ListenerDescriptor(Type listenerType, string eventName, MessageSerializer messageSerializer, MessageSerializer? responseSerializer)
    {
        ArgumentNullException.ThrowIfNull(listenerType);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        ArgumentNullException.ThrowIfNull(messageSerializer);
        ListenerType = listenerType;
        EventName = eventName;
        MessageSerializer = messageSerializer;
        ResponseSerializer = responseSerializer;
        if (eventName.StartsWith(MessageEventPrefix, StringComparison.Ordinal))
        {
            Action = eventName[MessageEventPrefix.Length..];
            ActionHash = Ipc.ActionHash.Compute(Action);
        }
        else if (eventName.StartsWith(TopicEventPrefix, StringComparison.Ordinal))
        {
            Subscribe(queue: null);
        }
    }

    /// <summary>The listener's class.</summary>
    public Type ListenerType { get; internal init; }

    /// <summary>The whole event, for example <c>PIPE_MESSAGE.order.placed</c>.</summary>
    public string EventName { get; }

    /// <summary>The action, for example <c>order.placed</c>, or that of a subscription, <c>topic:orders.*</c>; <see langword="null"/> for events of other families.</summary>
    public string? Action { get; private set; }

    /// <summary>The hash of <see cref="Action"/>; 0 when there is none.</summary>
    public ulong ActionHash { get; private set; }

    /// <summary>The topics, for a listener to topics.</summary>
    public TopicSubscription? Subscription { get; private set; }

    /// <summary>The queue of a listener to topics; <see langword="null"/> when there is none.</summary>
    /// <exception cref="ArgumentException">It is no queue's name.</exception>
    /// <exception cref="InvalidOperationException">This is no listener to topics.</exception>
    public string? Queue
    {
        get => Subscription?.Queue;
        init
        {
            if (value is not null)
            {
                Subscribe(value);
            }
        }
    }

    /// <summary>Reads the message.</summary>
    public MessageSerializer MessageSerializer { get; }

    /// <summary>Writes the answer; <see langword="null"/> for a listener that does not answer.</summary>
    public MessageSerializer? ResponseSerializer { get; }

    /// <summary>Whether the listener answers.</summary>
    public bool Answers => ResponseSerializer is not null;

    /// <summary>The highest runs first. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>In which processes the listener exists.</summary>
    public ListenerPlaces RunsIn { get; init; } = ListenerPlaces.Everywhere;

    /// <summary>How long one instance lives.</summary>
    public ListenerLifetime Lifetime { get; init; }

    /// <summary>Whether messages of one sender may overlap in this listener.</summary>
    public bool Concurrent { get; init; }

    /// <summary>Whether clients may send to this listener.</summary>
    public bool AllowClients
    {
        get => _allowsClients;
        init => _allowsClients = value;
    }

    /// <summary>Whether a one-way message that was interrupted by the death of its process is given to this listener again.</summary>
    public bool Redelivery { get; init; }

    /// <summary>How often at most, the first time included: from 1 to 100. Default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
    public int MaxDeliveries
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            field = value;
        }
    } = 5;

    /// <summary>Lets clients send to it, as its contract says; before anything uses it.</summary>
    internal void OpenToClients() => _allowsClients = true;

    /// <summary>Constructs the listener from <paramref name="services"/>.</summary>
    public abstract object CreateListener(IServiceProvider services);

    /// <summary>Decodes the body, then calls the listener, then hands its answer on. Decoding has ended when this returns.</summary>
    /// <exception cref="MessageFormatException">The body is not what the listener takes; thrown before the listener has run.</exception>
    public abstract ValueTask InvokeAsync(scoped in ListenerCall call);

    /// <summary>Has the runtime compile what the first message would have to wait for: reading it, calling a listener, writing its answer. Runs nothing of the program's.</summary>
    public virtual void Prepare()
    {
        MessageSerializer.Prepare();
        ResponseSerializer?.Prepare();
        RuntimeHelpers.PrepareDelegate((Invocation)InvokeAsync);
    }

    private void Subscribe(string? queue)
    {
        if (!EventName.StartsWith(TopicEventPrefix, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"\"{EventName}\" is no event of a topic, and has no queue.");
        }

        Subscription = new TopicSubscription(EventName[TopicEventPrefix.Length..], queue);
        Action = Subscription.Action;
        ActionHash = Subscription.ActionHash;
    }

    private delegate ValueTask Invocation(scoped in ListenerCall call);
}
