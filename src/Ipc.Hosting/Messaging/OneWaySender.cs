using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Sends messages that expect no answer.</summary>
internal sealed class OneWaySender(Peer peer, TargetSelector targets)
{
    // A send that does not want to wait for room still needs a lane, and the supervisor a moment to make it.
    private static readonly TimeSpan LeastOpening = TimeSpan.FromSeconds(1);

    /// <summary>Sends; on the fast path, to one open lane, without waiting. Never throws: whichever way a message goes, the task tells why it did not.</summary>
    public ValueTask SendAsync<TBody>(
        string action, ulong hash, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody => SendObservation.IsWanted(peer.Metrics.Messages)
            ? SendObservedAsync(action, hash, body, target, options, cancellationToken)
            : SendUnobservedAsync(action, hash, body, target, options, cancellationToken);

    private async ValueTask SendObservedAsync<TBody>(
        string action, ulong hash, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        var observation = SendObservation.Begin(peer.Metrics.Messages, peer.Id, action, TelemetryNames.Send, target);
        try
        {
            await SendUnobservedAsync(action, hash, body, target, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }

        observation.End();
    }

    private ValueTask SendUnobservedAsync<TBody>(
        string action, ulong hash, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        if (peer.Running is { } cluster && target.Kind is TargetKind.Workers or TargetKind.Supervisor && !cancellationToken.IsCancellationRequested)
        {
            OutboundRoute? route = null;
            ValueTask<long> commit;
            try
            {
                commit = TryFindSingle(cluster, target, hash, out route)
                    ? FrameSender.Write(route, FrameKind.OneWay, hash, cluster.Requests.NextMessageId(), 0, options, body, cluster, cancellationToken)
                    : default;
            }
            catch (Exception e)
            {
                if (route is null)
                {
                    return ValueTask.FromException(e);
                }

                commit = ValueTask.FromException<long>(e);
            }

            if (route is not null)
            {
                return commit.IsCompletedSuccessfully ? default : FinishAsync(commit, cluster, route, action, hash, body, target, options, cancellationToken);
            }
        }

        return SendSlowAsync(action, hash, body, target.Kind == TargetKind.Default ? Target.All : target, options, cancellationToken);
    }

    private async ValueTask FinishAsync<TBody>(
        ValueTask<long> commit,
        Cluster cluster,
        OutboundRoute route,
        string action,
        ulong hash,
        TBody body,
        Target target,
        SendOptions? options,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        try
        {
            await commit.ConfigureAwait(false);
            return;
        }
        catch (IpcException e) when (e.Reason == IpcError.PeerGone)
        {
            // The lane's pipe ended with its reader, and nobody has the message. The worker id lives on behind another lane.
            cluster.Routes.Remove(route);
        }

        await SendSlowAsync(action, hash, body, target, options, cancellationToken).ConfigureAwait(false);
    }

    private static bool TryFindSingle(Cluster cluster, Target target, ulong hash, [NotNullWhen(true)] out OutboundRoute? route)
    {
        route = null;
        return TargetResolver.ResolveOne(target, cluster.Transport.Directory) is { } info
            && TargetSelector.IsKnown(info) && info.Actions.Contains(hash) && (route = cluster.Routes.TryGet(info.Id, LaneKind.Inbox)) is not null;
    }

    private async ValueTask SendSlowAsync<TBody>(
        string action, ulong hash, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        await peer.WhenNamedAsync(cancellationToken).ConfigureAwait(false);
        var wait = StartWait.Begin(peer.Options, options);
        Cluster cluster = await peer.WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PeerInfo> peers = await targets.ResolveReadyAsync(cluster, target, hash, wait, cancellationToken).ConfigureAwait(false);
        if (target.IsOneOfSeveral())
        {
            peers = [targets.LeastLoaded(cluster, peers, action, hash, target)];
        }

        long messageId = cluster.Requests.NextMessageId();
        if (peers.Count == 1)
        {
            TargetSelector.ThrowIfDeaf(peers[0], action, hash);
            await SendOneAsync(cluster, peers[0], hash, messageId, Retries.Of(target), options, body, cancellationToken).ConfigureAwait(false);
            return;
        }

        await SendManyAsync(cluster, peers, action, hash, messageId, target, options, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends to one peer, or to another one where any was meant and this one is closing.</summary>
    internal static async ValueTask SendOneAsync<TBody>(
        Cluster cluster, PeerInfo info, ulong hash, long messageId, Retry retry, SendOptions? options, TBody body, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        while (true)
        {
            OutboundRoute? route = null;
            try
            {
                route = await OpenAsync(cluster, info, options, cancellationToken).ConfigureAwait(false);
                await FrameSender.Write(route, FrameKind.OneWay, hash, messageId, 0, options, body, cluster, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IpcException e) when (e.Reason == IpcError.PeerGone && retry != Retry.None && (route is not null || retry != Retry.SameId))
            {
                // Nobody has the message: the lane ended with its reader, or was closed. The worker id lives on behind another lane, or another worker takes it.
                if (route is not null)
                {
                    cluster.Routes.Remove(route);
                }
            }

            if (retry != Retry.SameId)
            {
                info = Retries.OtherThan(cluster, info, hash) ?? info;
            }

            retry = retry.Next();
        }
    }

    /// <summary>The lane, opened when it is not: over a pipe that waits for the worker, if it has just died.</summary>
    internal static async ValueTask<OutboundRoute> OpenAsync(Cluster cluster, PeerInfo info, SendOptions? options, CancellationToken cancellationToken)
    {
        TimeSpan timeout = Deadline.SendTimeoutOf(options, cluster.Options);
        TimeSpan limit = timeout >= TimeSpan.Zero && timeout < LeastOpening ? LeastOpening : timeout;
        try
        {
            return await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).AsTask().WaitAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new IpcException(
                IpcError.InboxFull,
                FormattableString.Invariant($"No lane to {info.Id} could be opened within {limit} (Ipc:SendTimeout or SendOptions.SendTimeout): its process is not there, or the supervisor does not answer."));
        }
    }

    private static async ValueTask SendManyAsync<TBody>(
        Cluster cluster,
        IReadOnlyList<PeerInfo> peers,
        string action,
        ulong hash,
        long messageId,
        Target target,
        SendOptions? options,
        TBody body,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        // Named workers must all listen; of a group or of all workers those that do not are skipped.
        bool skipDeaf = target.Kind != TargetKind.Workers;
        if (peers.Count == 0)
        {
            return;
        }

        if (!peers.Any(p => p.Actions.Contains(hash)))
        {
            throw ActionSuggestion.NoListener(action, target, peers);
        }

        using var frame = new PooledBufferWriter();
        FrameEncoder.Write(frame, new FrameHeader(FrameKind.OneWay, FrameFlags.None, hash, messageId, 0), options?.Headers, body, trace: MessageTracing.Current, stamp: cluster.StampsMessages);

        var sends = new List<(PeerInfo Peer, Task Send)>(peers.Count);
        foreach (PeerInfo info in peers)
        {
            if (info.Actions.Contains(hash))
            {
                sends.Add((info, CopyToAsync(cluster, info, frame, hash, options, cancellationToken)));
            }
            else if (!skipDeaf)
            {
                sends.Add((info, Task.FromException(ActionSuggestion.NoListener(action, info))));
            }
        }

        await WhenAllAsync(cluster, action, sends, skipsThoseWhoLeft: skipDeaf).ConfigureAwait(false);
    }

    /// <summary>Waits for the end of all sends of one message.</summary>
    /// <returns>In how many inboxes it is.</returns>
    /// <exception cref="PartialSendException">Not all have succeeded.</exception>
    internal static async ValueTask<int> WhenAllAsync(Cluster cluster, string action, IReadOnlyCollection<(PeerInfo Peer, Task Send)> sends, bool skipsThoseWhoLeft)
    {
        int left = 0;
        List<SendFailure>? failures = null;
        ExceptionDispatchInfo? other = null;
        foreach ((PeerInfo info, Task send) in sends)
        {
            try
            {
                await send.ConfigureAwait(false);
            }
            catch (IpcException e) when (e.Reason == IpcError.PeerGone && skipsThoseWhoLeft && TargetSelector.HasLeft(cluster, info))
            {
                left++; // It was taken away meanwhile, and is not one of those that are meant any more.
            }
            catch (IpcException e)
            {
                (failures ??= []).Add(new SendFailure(info.Id, e));
            }
            catch (Exception e)
            {
                // Not before every send has ended: they all read the one frame.
                other ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        other?.Throw();

        if (failures is not null)
        {
            throw new PartialSendException(action, sends.Count - left - failures.Count, failures);
        }

        return sends.Count - left;
    }

    /// <summary>Sends a frame that was serialised before to one of several.</summary>
    internal static async Task CopyToAsync(
        Cluster cluster, PeerInfo info, PooledBufferWriter frame, ulong hash, SendOptions? options, CancellationToken cancellationToken)
    {
        TimeSpan timeout = Deadline.SendTimeoutOf(options, cluster.Options);
        for (int attempt = 0; ; attempt++)
        {
            OutboundRoute route = await OpenAsync(cluster, info, options, cancellationToken).ConfigureAwait(false);
            try
            {
                await FrameSender.WriteCopy(route, frame, hash, timeout, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IpcException e) when (e.Reason == IpcError.PeerGone && attempt == 0)
            {
                cluster.Routes.Remove(route);
            }
        }
    }
}
