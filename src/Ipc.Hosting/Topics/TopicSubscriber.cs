using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Ipc.Transports.Control;

namespace Ipc.Topics;

/// <summary>Begins and ends run-time subscriptions. Thread-safe.</summary>
internal sealed class TopicSubscriber(Peer peer)
{
    private static readonly SubscribeOptions Defaults = new();
    private readonly Lock _gate = new();
    private readonly List<TopicSubscription> _subscriptions = []; // as they are announced
    private Task? _next; // an announcement that has not looked at them yet
    private int _lastNumber;

    /// <exception cref="ArgumentException">The pattern is none. Thrown at once.</exception>
    public ValueTask<IAsyncDisposable> SubscribeAsync<TMessage>(
        string pattern, Func<TMessage, MessageContext, CancellationToken, ValueTask> handler, SubscribeOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = new TopicSubscription(pattern, options?.Queue, Interlocked.Increment(ref _lastNumber));
        MessageSerializer<TMessage> serializer = peer.Registry.GetSerializer<TMessage>();
        var listener = new SubscriptionListener<TMessage>(handler);
        var row = new ListenerDescriptor<SubscriptionListener<TMessage>, TMessage>(ListenerDescriptor.TopicEventPrefix + pattern, serializer, _ => listener)
        {
            Lifetime = ListenerLifetime.Singleton,
            Concurrent = (options ?? Defaults).Concurrent,
            Queue = options?.Queue,
            MaxDeliveries = (options ?? Defaults).MaxDeliveries,
        };
        var entry = new ActionEntry(subscription.Action, subscription.ActionHash, [row]) { Subscription = subscription };
        entry.CreateSingletons(peer.Dispatcher.Services);
        return SubscribeAsync(entry, subscription, cancellationToken);
    }

    private async ValueTask<IAsyncDisposable> SubscribeAsync(ActionEntry entry, TopicSubscription subscription, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await peer.WhenNamedAsync(cancellationToken).ConfigureAwait(false);
        await peer.WhenRunningAsync(StartWait.Begin(peer.Options, null), cancellationToken).ConfigureAwait(false);
        peer.Dispatcher.Subscriptions.Add(entry); // before anybody knows of it
        try
        {
            await BeginAsync(subscription).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _ = EndAsync(entry, subscription);
            throw;
        }

        return new Running(() => EndAsync(entry, subscription));
    }

    /// <summary>Completes when everybody knows it.</summary>
    private Task BeginAsync(TopicSubscription subscription)
    {
        lock (_gate)
        {
            if (!TopicSubscription.AreFew([.. _subscriptions, subscription]))
            {
                throw Announcements.Refused();
            }

            _subscriptions.Add(subscription);
            return AnnounceSoon_NeedsLock();
        }
    }

    /// <summary>A client has joined anew: those whom it finds there hear of its subscriptions.</summary>
    public void AnnounceAgain()
    {
        lock (_gate)
        {
            if (_subscriptions.Count > 0)
            {
                _ = AnnounceSoon_NeedsLock().ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default); // the connection has ended again
            }
        }
    }

    /// <summary>Completes when everybody knows that it has ended. Never throws: where that cannot be told, messages that come are passed over and counted all the same.</summary>
    private async Task EndAsync(ActionEntry entry, TopicSubscription subscription)
    {
        try
        {
            Task announcing = Task.CompletedTask;
            lock (_gate)
            {
                if (_subscriptions.Remove(subscription))
                {
                    announcing = AnnounceSoon_NeedsLock();
                }
            }

            await announcing.ConfigureAwait(false);
        }
        catch (IpcException)
        {
            // This process stops, and its subscriptions with it; or the supervisor is asked too often, and hears of it with the next change.
        }
        finally
        {
            peer.Dispatcher.Subscriptions.End(entry);
        }
    }

    /// <summary>Many changes at a time are told at once: what is told is always all.</summary>
    private Task AnnounceSoon_NeedsLock() => _next ??= AnnounceAsync();

    private async Task AnnounceAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ValueTask announcing;
        lock (_gate)
        {
            _next = null;
            Cluster cluster = peer.Running ?? throw new IpcException(IpcError.NotRunning, "The connection has ended, so nobody could be told of the subscription.");
            announcing = cluster.Transport.AnnounceAsync([.. _subscriptions], CancellationToken.None); // within the lock, which keeps the order
        }

        await announcing.ConfigureAwait(false);
    }

    /// <summary>A subscription, until it is disposed; whoever disposes it again waits for the same end.</summary>
    private sealed class Running(Func<Task> end) : IAsyncDisposable
    {
        private readonly Lazy<Task> _end = new(end);

        public ValueTask DisposeAsync() => new(_end.Value);
    }
}
