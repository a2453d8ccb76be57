using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Sends requests and completes them with their answers.</summary>
internal sealed class RequestSender(Peer peer, TargetSelector targets)
{
    /// <summary>Asks one peer; on the fast path, over an open lane, without waiting.</summary>
    public ValueTask<TResponse> RequestAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        if (target.Kind is TargetKind.All or TargetKind.Others or TargetKind.Group || target.WorkerIds.Length > 1)
        {
            throw new ArgumentException(
                $"RequestAsync asks one peer, and {target} may be several. Use RequestAllAsync, or Target.Any(group) for one of them.", nameof(target));
        }

        Target one = target.Kind == TargetKind.Default ? Target.Any() : target;
        if (peer.Running is { } cluster && !cancellationToken.IsCancellationRequested)
        {
            IReadOnlyList<PeerInfo> peers = TargetResolver.Resolve(one, cluster.Transport.Directory, peer.Id);
            if (TargetSelector.AreKnown(peers, one))
            {
                PeerInfo info = one.Kind == TargetKind.Any ? targets.LeastLoaded(cluster, peers, action, hash, one) : peers[0];
                TargetSelector.ThrowIfDeaf(info, action, hash);
                if (cluster.Routes.TryGet(info.Id, LaneKind.Inbox) is { } route)
                {
                    return RequestOneAsync<TBody, TResponse>(
                        cluster, info, route, action, hash, body, options, cancellationToken, one.Kind != TargetKind.Peer);
                }

                return RequestOverNewRouteAsync<TBody, TResponse>(cluster, info, action, hash, body, options, cancellationToken);
            }
        }

        return RequestSlowAsync<TBody, TResponse>(action, hash, body, one, options, cancellationToken);
    }

    private async ValueTask<TResponse> RequestSlowAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wait = StartWait.Begin(peer.Options, options);
        Cluster cluster = await peer.WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PeerInfo> peers = await targets.ResolveReadyAsync(cluster, target, wait, cancellationToken).ConfigureAwait(false);
        PeerInfo info = target.Kind == TargetKind.Any ? targets.LeastLoaded(cluster, peers, action, hash, target) : peers[0];
        TargetSelector.ThrowIfDeaf(info, action, hash);
        return await RequestOverNewRouteAsync<TBody, TResponse>(
            cluster, info, action, hash, body, options, cancellationToken, waited: wait.Elapsed).ConfigureAwait(false);
    }

    private static async ValueTask<TResponse> RequestOverNewRouteAsync<TBody, TResponse>(
        Cluster cluster,
        PeerInfo info,
        string action,
        ulong hash,
        TBody body,
        RequestOptions? options,
        CancellationToken cancellationToken,
        bool mayRetry = true,
        TimeSpan waited = default)
        where TBody : struct, IFrameBody
    {
        OutboundRoute route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).ConfigureAwait(false);
        return await RequestOneAsync<TBody, TResponse>(cluster, info, route, action, hash, body, options, cancellationToken, mayRetry, waited).ConfigureAwait(false);
    }

    /// <summary>Asks over one route. The call has waited for the start of the cluster already: its own timeout began with it.</summary>
    public static ValueTask<TResponse> RequestOneAsync<TBody, TResponse>(
        Cluster cluster,
        PeerInfo info,
        OutboundRoute route,
        string action,
        ulong hash,
        TBody body,
        RequestOptions? options,
        CancellationToken cancellationToken,
        bool mayRetry = true,
        TimeSpan waited = default)
        where TBody : struct, IFrameBody
    {
        TimeSpan timeout = options?.Timeout is { } own ? Deadline.Normalise(own) : cluster.Options.RequestTimeout;
        TimeSpan left = options?.Timeout is null ? timeout : timeout - waited;
        PendingRequest<TResponse> request = PendingRequest<TResponse>.Rent(action, cluster.Registry.GetSerializer<TResponse>(), cluster.Transport);
        request.Peer = info.Id;
        request.Route = route;
        request.Timeout = timeout;
        bool endless = timeout == Timeout.InfiniteTimeSpan;
        request.DueAt = endless ? long.MaxValue : Environment.TickCount64 + (long)left.TotalMilliseconds;
        long deadline = endless ? 0 : Deadline.After(left);

        route.RequestStarted();
        cluster.Add(request);
        ValueTask<long> commit;
        try
        {
            commit = FrameSender.Write(route, FrameKind.Request, hash, request.Correlation, deadline, options, body, cluster, cancellationToken);
        }
        catch (IpcException e) when (mayRetry && e.Reason == IpcError.PeerGone)
        {
            // The lane's pipe ended with its reader, so nobody has the request. Its worker id lives on behind another lane.
            return TryTakeBack(cluster, request, isClosed: true)
                ? RequestOverNewRouteAsync<TBody, TResponse>(cluster, info, action, hash, body, options, cancellationToken, mayRetry: false, waited)
                : request.Task;
        }
        catch (Exception e)
        {
            return NotPublished(cluster, request, e);
        }

        if (!commit.IsCompletedSuccessfully)
        {
            return PublishLaterAsync(cluster, request, commit, cancellationToken);
        }

        Published(cluster, request, commit.Result, cancellationToken);
        return request.Task;
    }

    private static async ValueTask<TResponse> PublishLaterAsync<TResponse>(
        Cluster cluster, PendingRequest<TResponse> request, ValueTask<long> commit, CancellationToken cancellationToken)
    {
        long position;
        try
        {
            position = await commit.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return await NotPublished(cluster, request, e).ConfigureAwait(false);
        }

        Published(cluster, request, position, cancellationToken);
        return await request.Task.ConfigureAwait(false);
    }

    private static void Published<TResponse>(Cluster cluster, PendingRequest<TResponse> request, long position, CancellationToken cancellationToken)
    {
        request.Position = position;
        cluster.FailIfTakenByDead(request);
        cluster.TrackTimeout(request);
        if (cancellationToken.CanBeCanceled)
        {
            request.OnCancel(
                (state, token) =>
                {
                    var canceled = (PendingRequest)state!;
                    OutboundRoute route = canceled.Route!;
                    long correlation = canceled.Correlation;
                    if (cluster.TryTake(correlation, out _))
                    {
                        canceled.Fail(new OperationCanceledException(token));
                        _ = cluster.SendCancelAsync(route, correlation);
                    }
                },
                cancellationToken);
        }
    }

    private static ValueTask<TResponse> NotPublished<TResponse>(Cluster cluster, PendingRequest<TResponse> request, Exception error) =>
        TryTakeBack(cluster, request, error is IpcException { Reason: IpcError.PeerGone })
            ? ValueTask.FromException<TResponse>(error)
            : request.Task; // Failed meanwhile, for example since the peer died: the caller gets that error.

    /// <summary>Takes a request back that was not published; a lane that turned out to be closed is forgotten.</summary>
    private static bool TryTakeBack<TResponse>(Cluster cluster, PendingRequest<TResponse> request, bool isClosed)
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
}
