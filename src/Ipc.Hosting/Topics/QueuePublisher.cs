using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>Gives messages to one subscriber of a queue each, and to another one when that one ends before it has acknowledged it. Thread-safe.</summary>
/// <remarks>
/// On the wire a message of a queue is a request without a value, answered when its listener has ended. The inbox of a subscriber keeps it when its publisher ends; its publisher keeps it when the subscriber
/// ends: no one process that ends can lose it.
/// </remarks>
internal sealed class QueuePublisher(Peer peer, TopicRoutes routes)
{
    /// <summary>More than any subscriber allows, for those that never acknowledge nor die.</summary>
    private const int MaxAttempts = 100;

    private const int MaxClosedLanes = 3;

    // One for each message that is not acknowledged.
    private readonly Channel<bool> _open = Channel.CreateBounded<bool>(peer.Options.MaxPendingMessages);

    /// <summary>Completes when the inbox of a subscriber has the message.</summary>
    /// <returns>False when the queue has lost its last subscriber.</returns>
    public async Task<bool> PublishAsync(Cluster cluster, QueuedMessage message, SendOptions? options, CancellationToken cancellationToken)
    {
        TimeSpan timeout = Deadline.SendTimeoutOf(options, cluster.Options);
        if (!_open.Writer.TryWrite(true))
        {
            await WaitForRoomAsync(timeout, cancellationToken).ConfigureAwait(false);
        }

        Task? acknowledgement = null;
        try
        {
            acknowledgement = await TrySendAsync(cluster, message, timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (acknowledgement is { } coming)
            {
                _ = SettleAsync(message, coming);
            }
            else
            {
                _open.Reader.TryRead(out _);
            }
        }

        return acknowledgement is not null;
    }

    private async ValueTask WaitForRoomAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            await _open.Writer.WriteAsync(true, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IpcException(
                IpcError.InboxFull,
                FormattableString.Invariant($"{peer.Options.MaxPendingMessages} messages of queues (Ipc:MaxPendingMessages) that this process has published were not acknowledged within {timeout} (Ipc:SendTimeout or SendOptions.SendTimeout)."));
        }
    }

    /// <summary>Gives the message to the least loaded subscriber that is ready, to the one that had it last only if there is no other.</summary>
    /// <returns>What completes when its listener has ended; nothing when nobody has subscribed.</returns>
    private async ValueTask<Task?> TrySendAsync(Cluster cluster, QueuedMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (int closed = 0; ; closed++)
        {
            if (!TryChoose(cluster, message, out TopicRecipient to))
            {
                return null;
            }

            message.To = to;
            var options = new SendOptions { Headers = message.Headers, SendTimeout = timeout };
            Acknowledgement? coming = null;
            try
            {
                OutboundRoute route = await OneWaySender.OpenAsync(cluster, to.Peer, options, cancellationToken).ConfigureAwait(false);
                coming = Acknowledgement.Begin(cluster, to, route);
                message.MessageId = coming.Correlation;
                long position = await FrameSender.Write(
                    route, FrameKind.Request, to.Subscription.ActionHash, coming.Correlation, 0, options, new EncodedBody(message.Body), cluster, cancellationToken, timeout, FrameFlags.NoValue)
                    .ConfigureAwait(false);
                coming.Published(position);
                return coming.Task;
            }
            catch (Exception e)
            {
                bool isClosed = e is IpcException { Reason: IpcError.PeerGone };
                if (coming is not null && !coming.TryTakeBack(isClosed))
                {
                    return coming.Task; // failed meanwhile, with the reason
                }

                if (!isClosed || closed == MaxClosedLanes)
                {
                    throw;
                }

                message.Avoid = to.Peer.Id;
            }
        }
    }

    /// <summary>Waits until the message is acknowledged, and delivers it again as often as that has to be. Never throws.</summary>
    private async Task SettleAsync(QueuedMessage message, Task acknowledgement)
    {
        try
        {
            while (await WhyNotAsync(acknowledgement).ConfigureAwait(false) is { } reason)
            {
                if (reason == IpcError.NotRunning)
                {
                    return; // this process stops: the subscriber has the message, and handles it all the same
                }

                message.Attempts++;
                message.Avoid = message.To.Peer.Id;
                message.Deliveries += reason is IpcError.PeerGone or IpcError.Canceled ? 1 : 0;
                if (reason is IpcError.ListenerFailed or IpcError.BadMessage)
                {
                    await SetAsideAsync(message, DeadLetterReason.ListenerFailed).ConfigureAwait(false); // by a program in another language: ours do it themselves
                    return;
                }

                if (message.Attempts > MaxAttempts || await TryAgainAsync(message).ConfigureAwait(false) is not { } again)
                {
                    await SetAsideAsync(message, message.Attempts > MaxAttempts ? DeadLetterReason.MaxDeliveries : DeadLetterReason.NoSubscriber).ConfigureAwait(false);
                    return;
                }

                acknowledgement = again;
            }
        }
        finally
        {
            _open.Reader.TryRead(out _);
        }
    }

    /// <summary>Delivers it again, however long it has to wait for room.</summary>
    private async ValueTask<Task?> TryAgainAsync(QueuedMessage message)
    {
        try
        {
            Cluster cluster = await peer.WhenRunningAsync(StartWait.Begin(peer.Options, null), CancellationToken.None).ConfigureAwait(false); // a client may have to join anew
            return await TrySendAsync(cluster, message, Timeout.InfiniteTimeSpan, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, the message is set aside and not forgotten.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null; // this process stops, or one subscriber after the other ends
        }
    }

    /// <summary>Waits for the acknowledgement.</summary>
    /// <returns>Why there is none; nothing when there is.</returns>
    private static async ValueTask<IpcError?> WhyNotAsync(Task acknowledgement)
    {
        try
        {
            await acknowledgement.ConfigureAwait(false);
            return null;
        }
        catch (IpcException e)
        {
            return e.Reason;
        }
    }

    private ValueTask SetAsideAsync(QueuedMessage message, DeadLetterReason reason) => peer.Dispatcher.SetAsideAsync(
        new DeadLetter(reason, message.To.Subscription.Action, peer.Id, message.MessageId, message.Deliveries, message.Body), message.Headers);

    private bool TryChoose(Cluster cluster, QueuedMessage message, [NotNullWhen(true)] out TopicRecipient to)
    {
        to = default;
        if (routes.Find(cluster.Transport.Directory, message.Topic).Queues.FirstOrDefault(q => q.Name == message.Queue) is not { } queue)
        {
            return false;
        }

        int turn = queue.Recipients.Count > 1 ? peer.NextTurn() : 0; // a queue without a choice takes no turn from another one of the same topic
        to = LeastLoaded(cluster, queue.Recipients, message, turn, out int load);
        if (load > 0 && queue.Recipients.Count > 1)
        {
            cluster.Transport.ReadAnswers(); // those that nobody has read yet are acknowledgements all the same
            to = LeastLoaded(cluster, queue.Recipients, message, turn, out _);
        }

        return true;
    }

    private static TopicRecipient LeastLoaded(Cluster cluster, IReadOnlyList<TopicRecipient> recipients, QueuedMessage message, int turn, out int leastLoad)
    {
        const int HadItLast = int.MaxValue / 4;
        const int NotReady = int.MaxValue / 2;
        TopicRecipient best = default;
        leastLoad = int.MaxValue;
        for (int i = 0; i < recipients.Count; i++)
        {
            TopicRecipient recipient = recipients[(int)(((uint)turn + (uint)i) % (uint)recipients.Count)];
            int load = (cluster.Routes.TryGet(recipient.Peer.Id, LaneKind.Inbox)?.InFlight ?? 0)
                + (recipient.Peer.IsReady ? 0 : NotReady)
                + (recipient.Peer.Id.IsSameSlot(message.Avoid) ? HadItLast : 0);
            if (load < leastLoad)
            {
                (best, leastLoad) = (recipient, load);
            }
        }

        return best;
    }
}
