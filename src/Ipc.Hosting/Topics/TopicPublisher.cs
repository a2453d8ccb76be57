using Ipc.Messaging;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>Sends a message to everybody who has subscribed to its topic. Thread-safe.</summary>
internal sealed class TopicPublisher(Peer peer)
{
    private readonly TopicRoutes _routes = new();
    private volatile bool _everybodyWasKnown;

    public async ValueTask<int> PublishAsync<TBody>(string topic, TBody body, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        await peer.WhenNamedAsync(cancellationToken).ConfigureAwait(false);
        var wait = StartWait.Begin(peer.Options, options);
        Cluster cluster = await peer.WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false);
        if (!_everybodyWasKnown)
        {
            await WhenEverybodyIsKnownAsync(cluster, wait, cancellationToken).ConfigureAwait(false);
        }

        TopicRoute route = _routes.Find(cluster.Transport.Directory, topic);
        if (!SendObservation.IsWanted(peer.Metrics.Messages))
        {
            return await SendAsync(cluster, topic, route, body, options, cancellationToken).ConfigureAwait(false);
        }

        var observation = SendObservation.Begin(peer.Metrics.Messages, peer.Id, route.Label, topic);
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
            if (!await peer.WaitForDirectoryAsync(cluster, directory, wait, cancellationToken).ConfigureAwait(false))
            {
                throw new IpcException(
                    IpcError.NotRunning,
                    $"{string.Join(", ", directory.Workers.Where(p => !TargetSelector.IsKnown(p)).Select(p => $"{p.Id.Group}/{p.Id.WorkerId}"))} did not connect within {wait}, so that it is not known what they have subscribed to, and nothing was published.");
            }

            directory = cluster.Transport.Directory;
        }

        _everybodyWasKnown = true;
    }

    private static async ValueTask<int> SendAsync<TBody>(
        Cluster cluster, string topic, TopicRoute route, TBody body, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        if (route.Recipients.Count == 0)
        {
            return route.Closed is { } closed ? throw ActionSuggestion.NotAllowed(closed.Subscription.Action, closed.Peer.Id) : 0;
        }

        using var frame = new PooledBufferWriter();
        FrameEncoder.Write(
            frame,
            new FrameHeader(FrameKind.OneWay, FrameFlags.None, 0, cluster.Requests.NextMessageId(), 0),
            route.NamesTopic ? TopicName.AddTo(options?.Headers, topic) : options?.Headers,
            body,
            trace: MessageTracing.Current,
            stamp: cluster.StampsMessages);
        var sends = new List<(PeerInfo Peer, Task Send)>(route.Recipients.Count);
        foreach (TopicRecipient recipient in route.Recipients)
        {
            sends.Add((recipient.Peer, OneWaySender.CopyToAsync(cluster, recipient.Peer, frame, recipient.Subscription.ActionHash, options, cancellationToken)));
        }

        try
        {
            return await OneWaySender.WhenAllAsync(cluster, topic, sends, skipsThoseWhoLeft: true).ConfigureAwait(false);
        }
        catch (PartialSendException e) when (sends.Count == 1)
        {
            throw e.Failures[0].Error; // as for every message to one
        }
    }
}
