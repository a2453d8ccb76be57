namespace Ipc;

/// <summary>One call of a listener, as filters see it.</summary>
public sealed class ListenerInvocation
{
    /// <summary>Makes an invocation; filters get theirs from the dispatcher, tests may make their own.</summary>
    public ListenerInvocation(Type listenerType, object? message, MessageContext context, IServiceProvider services, bool answers, CancellationToken cancellationToken)
    {
        ListenerType = listenerType;
        Message = message;
        Context = context;
        Services = services;
        Answers = answers;
        CancellationToken = cancellationToken;
    }

    /// <summary>The listener's class.</summary>
    public Type ListenerType { get; }

    /// <summary>The message; a filter may put another of the same type in its place.</summary>
    public object? Message { get; set; }

    /// <summary>Action, sender, headers.</summary>
    public MessageContext Context { get; }

    /// <summary>The message's scope; for singleton listeners without a scope the process's root provider.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Whether the listener answers.</summary>
    public bool Answers { get; }

    /// <summary>The answer, once the listener has returned it; a filter may put another of the same type in its place, or set it without calling the listener.</summary>
    public object? Response { get; set; }

    /// <summary>Signalled when the asker says that it waits no more (it cancels, or its time is over), or the process stops. Not to be used after the listener has returned.</summary>
    public CancellationToken CancellationToken { get; }
}
