using System.Runtime.ExceptionServices;
using Ipc.Messaging;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>Sends a message to everybody who has subscribed to its topic. Thread-safe.</summary>
internal sealed class TopicPublisher
{
    private readonly Peer _peer;
    private readonly TopicRoutes _routes = new();
    private readonly QueuePublisher _queues;
    private volatile bool _everybodyWasKnown;

    public TopicPublisher(Peer peer)
    {
        _peer = peer;
        _queues = new QueuePublisher(peer, _routes);
    }

    public async ValueTask<int> PublishAsync<TBody>(string topic, TBody body, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _peer.WhenNamedAsync(cancellationToken).ConfigureAwait(false);
        var wait = StartWait.Begin(_peer.Options, options);
        Cluster cluster = await _peer.WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false);
        if (!_everybodyWasKnown)
        {
            await WhenEverybodyIsKnownAsync(cluster, wait, cancellationToken).ConfigureAwait(false);
        }

        TopicRoute route = _routes.Find(cluster.Transport.Directory, topic);
        if (!SendObservation.IsWanted(_peer.Metrics.Messages))
        {
            return await SendAsync(cluster, topic, route, body, options, cancellationToken).ConfigureAwait(false);
        }

        var observation = SendObservation.Begin(_peer.Metrics.Messages, _peer.Id, route.Label, topic);
        int count;
        try
        {
            count = await SendAsync(cluster, topic, route, body, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }

        observation.End();
        return count;
    }

    /// <summary>Once, at the start: until a worker has connected nobody knows what it has subscribed to. Those that start later subscribe late.</summary>
    private async ValueTask WhenEverybodyIsKnownAsync(Cluster cluster, StartWait wait, CancellationToken cancellationToken)
    {
        PeerDirectory directory = cluster.Transport.Directory;
        while (!directory.Workers.All(TargetSelector.IsKnown))
        {
            if (!await _peer.WaitForDirectoryAsync(cluster, directory, wait, cancellationToken).ConfigureAwait(false))
            {
                throw new IpcException(
                    IpcError.NotRunning,
                    $"{string.Join(", ", directory.Workers.Where(p => !TargetSelector.IsKnown(p)).Select(p => $"{p.Id.Group}/{p.Id.WorkerId}"))} did not connect within {wait}, so that it is not known what they have subscribed to, and nothing was published.");
            }

            directory = cluster.Transport.Directory;
        }

        _everybodyWasKnown = true;
    }

    private async ValueTask<int> SendAsync<TBody>(
        Cluster cluster, string topic, TopicRoute route, TBody body, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        if (route.Recipients.Count + route.Queues.Count == 0)
        {
            return route.Closed is { } closed ? throw ActionSuggestion.NotAllowed(closed.Subscription.Action, closed.Peer.Id) : 0;
        }

        using var frame = new PooledBufferWriter();
        FrameEncoder.Write(
            frame,
            new FrameHeader(FrameKind.OneWay, FrameFlags.None, 0, cluster.Requests.NextMessageId(), 0),
            route.NamesTopic ? TopicHeaders.AddTo(options?.Headers, topic) : options?.Headers,
            body,
            trace: MessageTracing.Current,
            stamp: cluster.StampsMessages);
        var sends = new List<(PeerInfo Peer, Task Send)>(route.Recipients.Count);
        foreach (TopicRecipient recipient in route.Recipients)
        {
            sends.Add((recipient.Peer, OneWaySender.CopyToAsync(cluster, recipient.Peer, frame, recipient.Subscription.ActionHash, options, cancellationToken)));
        }

        List<(QueuedMessage Message, Task<bool> Publish)> queued = Publish(cluster, topic, route, frame.WrittenSpan, options, cancellationToken);
        int count = 0;
        List<SendFailure>? failures = null;
        ExceptionDispatchInfo? other = null;
        try
        {
            count = await OneWaySender.WhenAllAsync(cluster, topic, sends, skipsThoseWhoLeft: true).ConfigureAwait(false);
        }
        catch (PartialSendException e)
        {
            (count, failures) = (e.Delivered, [.. e.Failures]);
        }
        catch (Exception e)
        {
            other = ExceptionDispatchInfo.Capture(e);
        }

        foreach ((QueuedMessage message, Task<bool> publish) in queued)
        {
            try
            {
                count += await publish.ConfigureAwait(false) ? 1 : 0;
            }
            catch (IpcException e)
            {
                (failures ??= []).Add(new SendFailure(message.To.Peer?.Id ?? default, e));
            }
            catch (Exception e)
            {
                other ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        other?.Throw();
        return failures is null ? count
            : throw (sends.Count + queued.Count == 1 ? failures[0].Error : new PartialSendException(topic, count, failures)); // to one: as for every message to one
    }

    private List<(QueuedMessage Message, Task<bool> Publish)> Publish(
        Cluster cluster, string topic, TopicRoute route, ReadOnlySpan<byte> frame, SendOptions? options, CancellationToken cancellationToken)
    {
        var queued = new List<(QueuedMessage, Task<bool>)>(route.Queues.Count);
        if (route.Queues.Count > 0)
        {
            FrameHeader.TryRead(frame, out _, out int bodyOffset);
            byte[] body = frame[bodyOffset..].ToArray(); // held until it is acknowledged
            foreach (QueueRoute queue in route.Queues)
            {
                var message = new QueuedMessage(topic, queue.Name, options?.Headers, body);
                queued.Add((message, _queues.PublishAsync(cluster, message, options, cancellationToken)));
            }
        }

        return queued;
    }
}
