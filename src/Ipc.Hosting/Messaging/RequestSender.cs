using Ipc.Dispatch;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Sends requests and completes them with their answers.</summary>
internal sealed class RequestSender(Peer peer, TargetSelector targets)
{
    /// <summary>Asks one peer; on the fast path, over an open lane, without waiting. Whichever way a request goes, the task tells why it failed.</summary>
    /// <exception cref="ArgumentException">The target may be several peers.</exception>
    public ValueTask<TResponse> RequestAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        if (target.MayBeSeveral())
        {
            throw new ArgumentException(
                $"RequestAsync asks one peer, and {target} may be several. Use RequestAllAsync, or Target.Any(group) for one of them.", nameof(target));
        }

        Target one = target.Kind == TargetKind.Default ? Target.Any() : target;
        return SendObservation.IsWanted(peer.Metrics.Messages)
            ? RequestObservedAsync<TBody, TResponse>(action, hash, body, one, options, cancellationToken)
            : RequestUnobservedAsync<TBody, TResponse>(action, hash, body, one, options, cancellationToken);
    }

    private async ValueTask<TResponse> RequestObservedAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, Target one, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        var observation = SendObservation.Begin(peer.Metrics.Messages, peer.Id, action, TelemetryNames.Request, one);
        TResponse response;
        try
        {
            response = await RequestUnobservedAsync<TBody, TResponse>(action, hash, body, one, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }

        observation.End();
        return response;
    }

    private ValueTask<TResponse> RequestUnobservedAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, Target one, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        try
        {
            if (peer.Running is { } cluster && !cancellationToken.IsCancellationRequested && FindKnown(cluster, one, action, hash) is { } info)
            {
                return cluster.Routes.TryGet(info.Id, LaneKind.Inbox) is { } route
                    ? RequestOneAsync<TBody, TResponse>(cluster, info, route, action, hash, body, options, cancellationToken, Retries.Of(one))
                    : RequestOverNewRouteAsync<TBody, TResponse>(
                        cluster, info, action, hash, body, options, RequestLimit.Begin(cluster.Options, options), Retries.Of(one), cancellationToken);
            }
        }
        catch (Exception e)
        {
            return ValueTask.FromException<TResponse>(e); // as on the way that waits
        }

        return RequestSlowAsync<TBody, TResponse>(action, hash, body, one, options, cancellationToken);
    }

    /// <summary>Whom to ask, when it is known what they listen to.</summary>
    private PeerInfo? FindKnown(Cluster cluster, Target one, string action, ulong hash)
    {
        PeerDirectory directory = cluster.Transport.Directory;
        PeerInfo? info = TargetResolver.ResolveOne(one, directory);
        if (info is null)
        {
            IReadOnlyList<PeerInfo> peers = TargetResolver.Resolve(one, directory, peer.Id);
            if (!TargetSelector.AreKnown(peers, one, hash))
            {
                return null;
            }

            info = targets.LeastLoaded(cluster, peers, action, hash, one);
        }
        else if (!TargetSelector.IsKnown(info))
        {
            return null;
        }

        TargetSelector.ThrowIfDeaf(info, action, hash);
        return info;
    }

    private async ValueTask<TResponse> RequestSlowAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        await peer.WhenNamedAsync(cancellationToken).ConfigureAwait(false);
        var wait = StartWait.Begin(peer.Options, options);
        Cluster cluster = await peer.WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PeerInfo> peers = await targets.ResolveReadyAsync(cluster, target, hash, wait, cancellationToken).ConfigureAwait(false);
        PeerInfo info = target.IsOneOfSeveral() ? targets.LeastLoaded(cluster, peers, action, hash, target) : peers[0];
        TargetSelector.ThrowIfDeaf(info, action, hash);
        return await RequestOverNewRouteAsync<TBody, TResponse>(
            cluster, info, action, hash, body, options, RequestLimit.Begin(cluster.Options, options, wait.Elapsed), Retries.Of(target), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Asks one peer whose lane may have to be opened first.</summary>
    public static async ValueTask<TResponse> RequestOverNewRouteAsync<TBody, TResponse>(
        Cluster cluster,
        PeerInfo info,
        string action,
        ulong hash,
        TBody body,
        RequestOptions? options,
        RequestLimit limit,
        Retry retry,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        OutboundRoute route;
        try
        {
            if (retry is Retry.OtherId or Retry.OtherIdAgain)
            {
                info = Retries.OtherThan(cluster, info, hash) ?? info;
            }

            route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).AsTask().WaitAsync(limit.Left, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw limit.NotSent(action, info.Id);
        }
        catch (IpcException e) when (e.Reason == IpcError.PeerGone
            && retry is Retry.Any or Retry.OtherId && TargetSelector.HasLeft(cluster, info) && Retries.OtherThan(cluster, info, hash) is not null)
        {
            return await RequestOverNewRouteAsync<TBody, TResponse>(
                cluster, info, action, hash, body, options, limit, Retry.OtherId, cancellationToken).ConfigureAwait(false);
        }

        return await RequestOneAsync<TBody, TResponse>(cluster, info, route, action, hash, body, options, cancellationToken, retry, limit).ConfigureAwait(false);
    }

    /// <summary>Asks over one route. A lane that ended before the request was published is replaced once: nobody has the request, and its worker id may live on.</summary>
    public static ValueTask<TResponse> RequestOneAsync<TBody, TResponse>(
        Cluster cluster,
        PeerInfo info,
        OutboundRoute route,
        string action,
        ulong hash,
        TBody body,
        RequestOptions? options,
        CancellationToken cancellationToken,
        Retry retry = Retry.SameId,
        RequestLimit? limit = null)
        where TBody : struct, IFrameBody
    {
        RequestLimit within = limit ?? RequestLimit.Begin(cluster.Options, options);
        PendingRequest<TResponse> request = Begin<TResponse>(cluster, info, route, action, within);
        ValueTask<long> commit;
        try
        {
            TimeSpan wait = within.Bound(Deadline.SendTimeoutOf(options, cluster.Options));
            commit = FrameSender.Write(route, FrameKind.Request, hash, request.Correlation, within.Deadline, options, body, cluster, cancellationToken, wait, chain: AmbientCall.Chain);
        }
        catch (Exception e)
        {
            commit = ValueTask.FromException<long>(e);
        }

        if (!commit.IsCompletedSuccessfully)
        {
            return PublishLaterAsync(cluster, info, request, commit, hash, body, options, within, retry, cancellationToken);
        }

        Published(cluster, request, commit.Result, cancellationToken);
        return request.Task;
    }

    /// <summary>A request waits for its answer from now on; its frame is written next.</summary>
    public static PendingRequest<TResponse> Begin<TResponse>(Cluster cluster, PeerInfo info, OutboundRoute route, string action, RequestLimit limit)
    {
        PendingRequest<TResponse> request = PendingRequest<TResponse>.Rent(action, cluster.Registry.GetSerializer<TResponse>(), cluster);
        request.Peer = info.Id;
        request.Route = route;
        request.Timeout = limit.Timeout;
        request.DueAt = limit.DueAt;
        route.RequestStarted();
        cluster.Add(request);
        return request;
    }

    /// <summary>The request is in the inbox.</summary>
    public static void Published<TResponse>(Cluster cluster, PendingRequest<TResponse> request, long position, CancellationToken cancellationToken)
    {
        request.Position = position;
        cluster.FailIfTakenByDead(request);
        cluster.TrackTimeout(request);
        if (cancellationToken.CanBeCanceled)
        {
            CancelWith(cluster, request, cancellationToken);
        }
    }

    /// <summary>Takes a request back that was not published; a lane that turned out to be closed is forgotten.</summary>
    public static bool TryTakeBack<TResponse>(Cluster cluster, PendingRequest<TResponse> request, bool isClosed)
    {
        OutboundRoute? route = request.Route;
        if (!cluster.TryTake(request.Correlation, out _))
        {
            return false;
        }

        request.Return();
        if (route is not null && isClosed)
        {
            cluster.Routes.Remove(route);
        }

        return true;
    }

    private static async ValueTask<TResponse> PublishLaterAsync<TBody, TResponse>(
        Cluster cluster,
        PeerInfo info,
        PendingRequest<TResponse> request,
        ValueTask<long> commit,
        ulong hash,
        TBody body,
        RequestOptions? options,
        RequestLimit limit,
        Retry retry,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        string action = request.Action;
        try
        {
            long position = await commit.ConfigureAwait(false);
            Published(cluster, request, position, cancellationToken);
        }
        catch (Exception e)
        {
            bool isClosed = e is IpcException { Reason: IpcError.PeerGone };
            if (!TryTakeBack(cluster, request, isClosed))
            {
                return await request.Task.ConfigureAwait(false); // failed meanwhile, for example since the peer died: the caller gets that error
            }

            if (e is IpcException { Reason: IpcError.InboxFull } && limit.IsOver)
            {
                throw limit.NotSent(action, info.Id);
            }

            if (!isClosed || retry == Retry.None)
            {
                throw;
            }

            return await RequestOverNewRouteAsync<TBody, TResponse>(cluster, info, action, hash, body, options, limit, retry.Next(), cancellationToken)
                .ConfigureAwait(false);
        }

        return await request.Task.ConfigureAwait(false);
    }

    /// <summary>A method of its own: what the callback captures would be allocated for every request.</summary>
    private static void CancelWith<TResponse>(Cluster cluster, PendingRequest<TResponse> request, CancellationToken cancellationToken) => request.OnCancel(
        (state, token) =>
        {
            var canceled = (PendingRequest)state!;
            OutboundRoute route = canceled.Route!;
            long correlation = canceled.Correlation;
            cluster.Transport.ReadAnswers(); // an answer that nobody has read yet is one all the same
            if (cluster.TryTake(correlation, out _))
            {
                canceled.Fail(new OperationCanceledException(token));
                _ = cluster.SendCancelAsync(route, correlation);
            }
        },
        cancellationToken);
}
