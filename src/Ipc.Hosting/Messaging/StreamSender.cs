using Ipc.Dispatch;
using Ipc.Streams;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Sends messages that come with a stream: requests, whose answers say that their listeners have ended.</summary>
internal sealed class StreamSender(Peer peer, TargetSelector targets)
{
    /// <summary>Sends a message and the content that its listener reads, and waits until that has ended.</summary>
    public async ValueTask<TResponse> SendAsync<TBody, TResponse>(
        string action,
        ulong hash,
        TBody body,
        IAsyncEnumerable<ReadOnlyMemory<byte>> content,
        FrameFlags flags,
        Target target,
        RequestOptions? options,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        var streams = new MessageStreams(peer.Dispatcher.Streams, isSender: true, action, flags);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task pump = Task.CompletedTask;
        RemoteError? error = null;
        var observation = SendObservation.Begin(peer.Metrics.Messages, peer.Id, action, TelemetryNames.Request, target);
        try
        {
            PendingRequest<TResponse> request = await PublishAsync<TBody, TResponse>(action, hash, body, streams, flags, target, options, leaving.Token).ConfigureAwait(false);
            Task<TResponse> answer = request.Task.AsTask();
            pump = ContentPump.RunAsync(content, streams.Outgoing!);
            await Task.WhenAny(answer, pump).ConfigureAwait(false);
            if (pump is { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                // Its reader has been told. Nobody waits for the answer.
                await leaving.CancelAsync().ConfigureAwait(false);
                await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await pump.ConfigureAwait(false);
            }

            TResponse response = await answer.ConfigureAwait(false);
            observation.End();
            return response;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            error = new RemoteError(IpcError.Canceled, null, $"The sender of \"{action}\" has given it up.", null);
            observation.End(e);
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e)
        {
            error = new RemoteError(IpcError.StreamFailed, null, $"The sender of \"{action}\" has given it up: {e.Message}", null);
            observation.End(e);
            throw;
        }
        finally
        {
            await EndAsync(streams, pump, error).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a message whose listener writes a stream.</summary>
    public async ValueTask<Stream> OpenAsync<TBody>(
        string action, ulong hash, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        const FrameFlags Flags = FrameFlags.ReadsStream | FrameFlags.NoValue;
        var streams = new MessageStreams(peer.Dispatcher.Streams, isSender: true, action, Flags);
        var leaving = new CancellationTokenSource(); // has no timer and no wait handle: nothing to dispose
        var observation = SendObservation.Begin(peer.Metrics.Messages, peer.Id, action, TelemetryNames.Request, target);
        try
        {
            PendingRequest<MessageBody> request;
            using (cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), leaving))
            {
                request = await PublishAsync<TBody, MessageBody>(action, hash, body, streams, Flags, target, options, leaving.Token).ConfigureAwait(false);
            }

            _ = FollowAsync(request.Task, streams, observation);
            return new MessageStream(streams, leaving);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            observation.End(e);
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }
    }

    /// <summary>The call has ended: so does the enumeration of its content, before the call returns.</summary>
    private static async ValueTask EndAsync(MessageStreams streams, Task pump, RemoteError? error)
    {
        OutgoingStream outgoing = streams.Outgoing!;
        outgoing.StopContent();
        await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = streams.FinishAsync(error); // never throws; a reader that is stopped must not hold up the caller
    }

    /// <summary>The listener ends after its stream. When it does not, or cannot, the reader of the stream hears it.</summary>
    private static async Task FollowAsync(ValueTask<MessageBody> answer, MessageStreams streams, SendObservation observation)
    {
        try
        {
            await answer.ConfigureAwait(false);
            observation.End();
            streams.Fail(new IpcException(IpcError.BadMessage, $"{streams.Remote} answered \"{streams.Action}\" before the end of its stream."));
        }
        catch (Exception e)
        {
            observation.End(e);
            streams.Fail(e);
        }

        streams.Remove();
    }

    /// <summary>Puts the message into the inbox of one peer. A lane that ended before it was published is replaced once, as for every request.</summary>
    private async ValueTask<PendingRequest<TResponse>> PublishAsync<TBody, TResponse>(
        string action, ulong hash, TBody body, MessageStreams streams, FrameFlags flags, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        if (target.MayBeSeveral())
        {
            throw new ArgumentException($"A stream goes to one peer, and {target} may be several. Use Target.Any(group) for one of them.", nameof(target));
        }

        cancellationToken.ThrowIfCancellationRequested();
        RequestOptions call = (options ?? new RequestOptions()) with { Timeout = options?.Timeout ?? Timeout.InfiniteTimeSpan };
        Target one = target.Kind == TargetKind.Default ? Target.Any() : target;
        await peer.WhenNamedAsync(cancellationToken).ConfigureAwait(false);
        var wait = StartWait.Begin(peer.Options, call);
        Cluster cluster = await peer.WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PeerInfo> peers = await targets.ResolveReadyAsync(cluster, one, hash, wait, cancellationToken).ConfigureAwait(false);
        PeerInfo info = one.IsOneOfSeveral() ? targets.LeastLoaded(cluster, peers, action, hash, one) : peers[0];
        TargetSelector.ThrowIfDeaf(info, action, hash);
        RequestLimit limit = RequestLimit.Begin(cluster.Options, call, wait.Elapsed);
        for (bool isFirst = true; ; isFirst = false)
        {
            OutboundRoute route;
            try
            {
                route = await cluster.Routes.GetAsync(info.Id, LaneKind.Inbox, cancellationToken).AsTask().WaitAsync(limit.Left, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw limit.NotSent(action, info.Id);
            }

            try
            {
                return await PublishAsync<TBody, TResponse>(cluster, info, route, action, hash, body, streams, flags, call, limit, cancellationToken).ConfigureAwait(false);
            }
            catch (IpcException e) when (e.Reason == IpcError.PeerGone && isFirst && one.Kind != TargetKind.Peer)
            {
                // Nobody has the message, and the worker id may live on behind another lane.
            }
        }
    }

    private static async ValueTask<PendingRequest<TResponse>> PublishAsync<TBody, TResponse>(
        Cluster cluster,
        PeerInfo info,
        OutboundRoute route,
        string action,
        ulong hash,
        TBody body,
        MessageStreams streams,
        FrameFlags flags,
        RequestOptions options,
        RequestLimit limit,
        CancellationToken cancellationToken)
        where TBody : struct, IFrameBody
    {
        PendingRequest<TResponse> request = RequestSender.Begin<TResponse>(cluster, info, route, action, limit);
        streams.Add(request.Correlation, info.Id);
        try
        {
            TimeSpan wait = limit.Bound(Deadline.SendTimeoutOf(options, cluster.Options));
            long position = await FrameSender.Write(
                route, FrameKind.Request, hash, request.Correlation, limit.Deadline, options, body, cluster, cancellationToken, wait, flags, AmbientCall.Chain).ConfigureAwait(false);
            RequestSender.Published(cluster, request, position, cancellationToken);
        }
        catch (Exception e)
        {
            // Otherwise it has failed meanwhile: awaiting it tells why.
            if (RequestSender.TryTakeBack(cluster, request, e is IpcException { Reason: IpcError.PeerGone }))
            {
                streams.Remove();
                if (e is IpcException { Reason: IpcError.InboxFull } && limit.IsOver)
                {
                    throw limit.NotSent(action, info.Id);
                }

                throw;
            }
        }

        return request;
    }
}
