using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>The public way to send, over whatever transport the peer has.</summary>
internal sealed class MessageSender(Peer peer) : IMessageSender
{
    public ValueTask SendAsync<TMessage>(TMessage message, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TMessage : IMessage<TMessage>
    {
        MessageSerializer<TMessage> serializer = TMessage.Serializer;
        return SendAsync(ActionOf(serializer), serializer.ActionHash, new TypedBody<TMessage>(serializer, message), target, options, cancellationToken);
    }

    public ValueTask SendAsync<TBody>(string action, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
    {
        CheckAction(action);
        return SendAsync(
            action, ActionHash.Compute(action), new TypedBody<TBody>(peer.Registry.GetSerializer<TBody>(), body), target, options, cancellationToken);
    }

    public ValueTask<TResponse> RequestAsync<TResponse>(
        IRequestMessage<TResponse> request, Target target, RequestOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        MessageSerializer serializer = peer.Registry.GetSerializer(request.GetType());
        return RequestAsync<ObjectBody, TResponse>(
            ActionOf(serializer), serializer.ActionHash, new ObjectBody(serializer, request), target, options, cancellationToken);
    }

    public ValueTask<TResponse> RequestAsync<TRequest, TResponse>(
        TRequest request, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
    {
        MessageSerializer<TRequest> serializer = TRequest.Serializer;
        return RequestAsync<TypedBody<TRequest>, TResponse>(
            ActionOf(serializer), serializer.ActionHash, new TypedBody<TRequest>(serializer, request), target, options, cancellationToken);
    }

    public ValueTask<TResponse> RequestAsync<TBody, TResponse>(
        string action, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
    {
        CheckAction(action);
        return RequestAsync<TypedBody<TBody>, TResponse>(
            action, ActionHash.Compute(action), new TypedBody<TBody>(peer.Registry.GetSerializer<TBody>(), body), target, options, cancellationToken);
    }

    public async IAsyncEnumerable<PeerAnswer<TResponse>> RequestAllAsync<TResponse>(
        IRequestMessage<TResponse> request, Target target, RequestOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        MessageSerializer serializer = peer.Registry.GetSerializer(request.GetType());
        string action = ActionOf(serializer);
        Cluster cluster = await peer.WhenRunningAsync(cancellationToken).ConfigureAwait(false);
        Target all = target.Kind == TargetKind.Default ? Target.All : target;
        IReadOnlyList<PeerInfo> peers = await ResolveReadyAsync(cluster, all, cancellationToken).ConfigureAwait(false);

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = Channel.CreateBounded<PeerAnswer<TResponse>>(Math.Max(1, peers.Count));
        foreach (PeerInfo info in peers)
        {
            _ = AskAsync(info);
        }

        try
        {
            for (int i = 0; i < peers.Count; i++)
            {
                yield return await answers.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
        }

        async Task AskAsync(PeerInfo info)
        {
            PeerAnswer<TResponse> answer;
            try
            {
                ThrowIfDeaf(info, action, serializer.ActionHash);
                OutboundRoute route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, leaving.Token).ConfigureAwait(false);
                answer = new PeerAnswer<TResponse>(info.Id, await RequestOneAsync<ObjectBody, TResponse>(
                    cluster, info, route, action, serializer.ActionHash, new ObjectBody(serializer, request), options, leaving.Token).ConfigureAwait(false));
            }
            catch (Exception e)
            {
                answer = new PeerAnswer<TResponse>(info.Id, e);
            }

            answers.Writer.TryWrite(answer);
        }
    }

    private static string ActionOf(MessageSerializer serializer) => serializer.Action ?? throw new InvalidOperationException(
        $"{serializer.Type} has no action of its own. Give it one with [Message(\"name\")], or name it in the call: SendAsync(\"name\", message).");

    private static void CheckAction(string action)
    {
        ArgumentException.ThrowIfNullOrEmpty(action);
        if (action.StartsWith(Dispatch.ListenerDescriptor.MessageEventPrefix, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"\"{action}\" is an event; its action is \"{action[Dispatch.ListenerDescriptor.MessageEventPrefix.Length..]}\".", nameof(action));
        }
    }

    private static void ThrowIfDeaf(PeerInfo info, string action, ulong hash)
    {
        if (!info.Actions.Contains(hash))
        {
            throw ActionSuggestion.NoListener(action, info);
        }
    }

    private static bool IsKnown(PeerInfo info) => info.IsReady || info.Actions.Names.Count > 0;

    /// <summary>Resolves a target and waits until everybody in it has been ready once, so that it is known what they listen to.</summary>
    private async ValueTask<IReadOnlyList<PeerInfo>> ResolveReadyAsync(Cluster cluster, Target target, CancellationToken cancellationToken)
    {
        PeerDirectory directory = cluster.Transport.Directory;
        IReadOnlyList<PeerInfo> peers = TargetResolver.Resolve(target, directory, peer.Id);
        if (AreKnown(peers, target))
        {
            return peers;
        }

        long until = Environment.TickCount64 + (long)cluster.Options.StartTimeout.TotalMilliseconds;
        while (true)
        {
            if (!await peer.WaitForDirectoryAsync(directory, until, cancellationToken).ConfigureAwait(false))
            {
                throw new IpcException(
                    IpcError.NotRunning,
                    FormattableString.Invariant(
                        $"{string.Join(", ", peers.Where(p => !IsKnown(p)).Select(p => $"{p.Id.Group}/{p.Id.WorkerId}"))} did not become ready within {cluster.Options.StartTimeout} (Ipc:StartTimeout)."));
            }

            directory = cluster.Transport.Directory;
            peers = TargetResolver.Resolve(target, directory, peer.Id);
            if (AreKnown(peers, target))
            {
                return peers;
            }
        }
    }

    private static bool AreKnown(IReadOnlyList<PeerInfo> peers, Target target)
    {
        bool one = target.Kind == TargetKind.Any;
        foreach (PeerInfo info in peers)
        {
            if (IsKnown(info) == one)
            {
                return one;
            }
        }

        return !one;
    }

    private ValueTask SendAsync<TBody>(
        string action, ulong hash, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        if (peer.Running is { } cluster
            && target.Kind is TargetKind.Workers or TargetKind.Supervisor
            && !cancellationToken.IsCancellationRequested
            && TryFindSingle(cluster, target, hash, out OutboundRoute? route))
        {
            ValueTask<long> commit = Write(route, FrameKind.OneWay, hash, cluster.Requests.NextMessageId(), 0, options, body, cluster, cancellationToken);
            return commit.IsCompletedSuccessfully ? default : IgnorePositionAsync(commit);
        }

        return SendSlowAsync(action, hash, body, target.Kind == TargetKind.Default ? Target.All : target, options, cancellationToken);

        static async ValueTask IgnorePositionAsync(ValueTask<long> commit) => await commit.ConfigureAwait(false);
    }

    private bool TryFindSingle(Cluster cluster, Target target, ulong hash, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OutboundRoute? route)
    {
        route = null;
        if (target.WorkerIds.Length > 1)
        {
            return false;
        }

        IReadOnlyList<PeerInfo> peers = TargetResolver.Resolve(target, cluster.Transport.Directory, peer.Id);
        return IsKnown(peers[0]) && peers[0].Actions.Contains(hash) && (route = cluster.Routes.TryGet(peers[0].Id, LaneKind.Inbox)) is not null;
    }

    private async ValueTask SendSlowAsync<TBody>(
        string action, ulong hash, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        Cluster cluster = await peer.WhenRunningAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PeerInfo> peers = await ResolveReadyAsync(cluster, target, cancellationToken).ConfigureAwait(false);
        if (target.Kind == TargetKind.Any)
        {
            peers = [LeastLoaded(cluster, peers, action, hash, target)];
        }

        long messageId = cluster.Requests.NextMessageId();
        if (peers.Count == 1)
        {
            ThrowIfDeaf(peers[0], action, hash);
            await SendOneAsync(cluster, peers[0], hash, messageId, options, body, cancellationToken).ConfigureAwait(false);
            return;
        }

        await SendManyAsync(cluster, peers, action, hash, messageId, target, options, body, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask SendOneAsync<TBody>(
        Cluster cluster, PeerInfo info, ulong hash, long messageId, SendOptions? options, TBody body, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        OutboundRoute route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).ConfigureAwait(false);
        try
        {
            await Write(route, FrameKind.OneWay, hash, messageId, 0, options, body, cluster, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (IpcException e) when (e.Reason == IpcError.PeerGone)
        {
            // The lane's pipe ended with its reader. When the worker id lives on, its successor has another lane.
            cluster.Routes.Remove(route);
        }

        route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).ConfigureAwait(false);
        await Write(route, FrameKind.OneWay, hash, messageId, 0, options, body, cluster, cancellationToken).ConfigureAwait(false);
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
        FrameEncoder.Write(frame, new FrameHeader(FrameKind.OneWay, FrameFlags.None, hash, messageId, 0), options?.Headers, body);

        var sends = new List<(PeerInfo Peer, Task Send)>(peers.Count);
        foreach (PeerInfo info in peers)
        {
            if (info.Actions.Contains(hash))
            {
                sends.Add((info, CopyToAsync(cluster, info, frame, options, cancellationToken)));
            }
            else if (!skipDeaf)
            {
                sends.Add((info, Task.FromException(ActionSuggestion.NoListener(action, info))));
            }
        }

        List<SendFailure>? failures = null;
        foreach ((PeerInfo info, Task send) in sends)
        {
            try
            {
                await send.ConfigureAwait(false);
            }
            catch (IpcException e)
            {
                (failures ??= []).Add(new SendFailure(info.Id, e));
            }
        }

        if (failures is not null)
        {
            throw new PartialSendException(action, sends.Count - failures.Count, failures);
        }
    }

    private static async Task CopyToAsync(
        Cluster cluster, PeerInfo info, PooledBufferWriter frame, SendOptions? options, CancellationToken cancellationToken)
    {
        TimeSpan timeout = options?.SendTimeout ?? cluster.Options.SendTimeout;
        for (int attempt = 0; ; attempt++)
        {
            OutboundRoute route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).ConfigureAwait(false);
            try
            {
                await WriteCopy(route, frame, timeout, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IpcException e) when (e.Reason == IpcError.PeerGone && attempt == 0)
            {
                cluster.Routes.Remove(route);
            }
        }
    }

    private static ValueTask<long> WriteCopy(OutboundRoute route, PooledBufferWriter frame, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IBufferWriter<byte> output = route.Lane.BeginFrame();
        try
        {
            output.Write(frame.WrittenSpan);
        }
        catch
        {
            route.Lane.AbortFrame();
            throw;
        }

        return route.Lane.CommitFrameAsync(timeout, cancellationToken);
    }

    private static ValueTask<long> Write<TBody>(
        OutboundRoute route,
        FrameKind kind,
        ulong hash,
        long messageId,
        long deadline,
        SendOptions? options,
        TBody body,
        Cluster cluster,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        IBufferWriter<byte> output = route.Lane.BeginFrame();
        try
        {
            FrameEncoder.Write(output, new FrameHeader(kind, FrameFlags.None, hash, messageId, deadline), options?.Headers, body);
        }
        catch
        {
            route.Lane.AbortFrame();
            throw;
        }

        return route.Lane.CommitFrameAsync(options?.SendTimeout ?? cluster.Options.SendTimeout, cancellationToken);
    }

    private ValueTask<TResponse> RequestAsync<TBody, TResponse>(
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
            if (AreKnown(peers, one))
            {
                PeerInfo info = one.Kind == TargetKind.Any ? LeastLoaded(cluster, peers, action, hash, one) : peers[0];
                ThrowIfDeaf(info, action, hash);
                if (cluster.Routes.TryGet(info.Id, LaneKind.Inbox) is { } route)
                {
                    return RequestOneAsync<TBody, TResponse>(cluster, info, route, action, hash, body, options, cancellationToken);
                }
            }
        }

        return RequestSlowAsync<TBody, TResponse>(action, hash, body, one, options, cancellationToken);
    }

    private async ValueTask<TResponse> RequestSlowAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        cancellationToken.ThrowIfCancellationRequested();
        Cluster cluster = await peer.WhenRunningAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PeerInfo> peers = await ResolveReadyAsync(cluster, target, cancellationToken).ConfigureAwait(false);
        PeerInfo info = target.Kind == TargetKind.Any ? LeastLoaded(cluster, peers, action, hash, target) : peers[0];
        ThrowIfDeaf(info, action, hash);
        OutboundRoute route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).ConfigureAwait(false);
        return await RequestOneAsync<TBody, TResponse>(cluster, info, route, action, hash, body, options, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask<TResponse> RequestOneAsync<TBody, TResponse>(
        Cluster cluster,
        PeerInfo info,
        OutboundRoute route,
        string action,
        ulong hash,
        TBody body,
        RequestOptions? options,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        TimeSpan timeout = options?.Timeout ?? cluster.Options.RequestTimeout;
        PendingRequest<TResponse> request = PendingRequest<TResponse>.Rent(action, cluster.Registry.GetSerializer<TResponse>(), cluster.Transport);
        request.Peer = info.Id;
        request.Route = route;
        request.Timeout = timeout;
        bool endless = timeout == Timeout.InfiniteTimeSpan;
        request.DueAt = endless ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        long deadline = endless ? 0 : Deadline.After(timeout);

        route.RequestStarted();
        cluster.Requests.Add(request);
        ValueTask<long> commit;
        try
        {
            commit = Write(route, FrameKind.Request, hash, request.Correlation, deadline, options, body, cluster, cancellationToken);
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

    private static ValueTask<TResponse> NotPublished<TResponse>(Cluster cluster, PendingRequest<TResponse> request, Exception error)
    {
        if (error is IpcException { Reason: IpcError.PeerGone } && request.Route is { } route)
        {
            cluster.Routes.Remove(route);
        }

        if (!cluster.TryTake(request.Correlation, out _))
        {
            // Failed meanwhile, for example since the peer died: the caller gets that error.
            return request.Task;
        }

        request.Return();
        return ValueTask.FromException<TResponse>(error);
    }

    /// <summary>Of the peers that listen, the one with the fewest open requests of this process; equals take turns. Ready ones first.</summary>
    private PeerInfo LeastLoaded(Cluster cluster, IReadOnlyList<PeerInfo> peers, string action, ulong hash, Target target)
    {
        PeerInfo? best = null;
        int bestLoad = int.MaxValue;
        int start = (int)((uint)peer.NextTurn() % (uint)peers.Count);
        for (int i = 0; i < peers.Count; i++)
        {
            PeerInfo info = peers[(start + i) % peers.Count];
            if (!info.Actions.Contains(hash))
            {
                continue;
            }

            int load = (cluster.Routes.TryGet(info.Id, LaneKind.Inbox)?.InFlight ?? 0) + (info.IsReady ? 0 : int.MaxValue / 2);
            if (load < bestLoad)
            {
                (best, bestLoad) = (info, load);
            }
        }

        return best ?? throw ActionSuggestion.NoListener(action, target, peers);
    }
}
