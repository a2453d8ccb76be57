using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Dispatch;

/// <summary>Everything that listens to one action in this process.</summary>
internal sealed class ActionEntry
{
    private const int Unknown = 0;
    private const int CompletedAtOnce = 1;
    private const int Awaited = 2;

    private readonly object?[] _singletons;
    private int _calls = Unknown;
    private readonly Lock _gate = new();

    public ActionEntry(string action, ulong hash, ListenerDescriptor[] listeners)
    {
        Action = action;
        Hash = hash;
        Listeners = listeners;
        Subscription = listeners.FirstOrDefault()?.Subscription;
        Concurrent = Array.TrueForAll(listeners, l => l.Concurrent);
        AllowsClients = Array.TrueForAll(listeners, l => l.AllowClients);
        NeedsScope = Array.Exists(listeners, l => l.Lifetime == ListenerLifetime.Scoped);
        Answering = Array.Find(listeners, l => l.Answers);
        Redelivers = IsQueue || Array.Exists(listeners, l => l.Redelivery);
        MaxDeliveries = Redelivers ? listeners.Where(l => IsQueue || l.Redelivery).Min(l => l.MaxDeliveries) : 1;
        _singletons = new object?[listeners.Length];
    }

    public string Action { get; }

    public ulong Hash { get; }

    /// <summary>The topics whose messages these are; <see langword="null"/> for an action of another kind.</summary>
    public TopicSubscription? Subscription { get; init; }

    /// <summary>Whether its messages are those of a work queue: acknowledged when they are handled, whether their publisher lives or not.</summary>
    public bool IsQueue => Subscription?.Queue is not null;

    /// <summary>Whether it was a run-time subscription's, which has ended.</summary>
    public bool HasEnded { get; set; }

    /// <summary>In the order in which they run.</summary>
    public ListenerDescriptor[] Listeners { get; }

    /// <summary>The one listener that answers, if there is one.</summary>
    public ListenerDescriptor? Answering { get; }

    /// <summary>Whether messages of one sender may overlap.</summary>
    public bool Concurrent { get; }

    /// <summary>Whether clients may send to it.</summary>
    public bool AllowsClients { get; }

    /// <summary>Whether a listener asks for one-way messages again that were interrupted by the death of their process.</summary>
    public bool Redelivers { get; }

    /// <summary>How often such a message is started at most.</summary>
    public int MaxDeliveries { get; }

    /// <summary>Whether a message needs a scope of its own.</summary>
    public bool NeedsScope { get; }

    /// <summary>Whether a listener may await: one has before, or none was called yet.</summary>
    public bool MayAwait => Volatile.Read(ref _calls) != CompletedAtOnce;

    /// <summary>Whether no constructor of a singleton is still to run.</summary>
    public bool SingletonsExist { get; private set; }

    /// <summary>A call of a listener has returned.</summary>
    /// <param name="hasCompleted">False when it goes on behind an await.</param>
    public void Returned(bool hasCompleted)
    {
        int calls = Volatile.Read(ref _calls);
        if (hasCompleted ? calls == Unknown : calls != Awaited)
        {
            Volatile.Write(ref _calls, hasCompleted ? CompletedAtOnce : Awaited); // of two at the same time either may stay; the next call that awaits decides
        }
    }

    /// <summary>The instance of a singleton listener, <see langword="null"/> for a scoped one.</summary>
    public object? GetSingleton(int index, IServiceProvider root)
    {
        if (Listeners[index].Lifetime != ListenerLifetime.Singleton)
        {
            return null;
        }

        return _singletons[index] ?? CreateSingletons(index, root);
    }

    /// <summary>Disposes the singletons that exist. One that throws is logged, and keeps no other from its end.</summary>
    public async ValueTask DisposeSingletonsAsync(ILogger logger)
    {
        foreach (object? singleton in _singletons)
        {
            try
            {
                if (singleton is IAsyncDisposable asynchronous)
                {
                    await asynchronous.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    (singleton as IDisposable)?.Dispose();
                }
            }
#pragma warning disable CA1031 // User code.
            catch (Exception e)
#pragma warning restore CA1031
            {
                MessagingLog.DisposalFailed(logger, singleton!.GetType(), e);
            }
        }
    }

    /// <summary>Makes all singletons of the action, once.</summary>
    public void CreateSingletons(IServiceProvider root)
    {
        lock (_gate)
        {
            for (int i = 0; i < Listeners.Length; i++)
            {
                if (Listeners[i].Lifetime == ListenerLifetime.Singleton)
                {
                    _singletons[i] ??= Listeners[i].CreateListener(root);
                }
            }

            SingletonsExist = true;
        }
    }

    private object CreateSingletons(int index, IServiceProvider root)
    {
        CreateSingletons(root);
        return _singletons[index]!;
    }
}
