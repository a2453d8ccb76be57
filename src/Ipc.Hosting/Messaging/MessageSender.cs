using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ipc.Serialization;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>The public way to send, over whatever transport the peer has.</summary>
internal sealed class MessageSender : IMessageSender
{
    private readonly Peer _peer;
    private readonly TargetSelector _targets;
    private readonly OneWaySender _oneWay;
    private readonly RequestSender _requests;
    private readonly StreamSender _streams;

    public MessageSender(Peer peer)
    {
        _peer = peer;
        _targets = new TargetSelector(peer);
        _oneWay = new OneWaySender(peer, _targets);
        _requests = new RequestSender(peer, _targets);
        _streams = new StreamSender(peer, _targets);
    }

    public ValueTask SendAsync<TMessage>(TMessage message, Target target, SendOptions? options, CancellationToken cancellationToken)
        where TMessage : IMessage<TMessage>
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageSerializer<TMessage> serializer = TMessage.Serializer;
        return _oneWay.SendAsync(ActionOf(serializer), serializer.ActionHash, new TypedBody<TMessage>(serializer, message), target, options, cancellationToken);
    }

    public ValueTask SendAsync<TBody>(string action, TBody body, Target target, SendOptions? options, CancellationToken cancellationToken)
    {
        CheckAction(action);
        return _oneWay.SendAsync(
            action, ActionHash.Compute(action), new TypedBody<TBody>(_peer.Registry.GetSerializer<TBody>(), body), target, options, cancellationToken);
    }

    public ValueTask<TResponse> RequestObjectAsync<TResponse>(
        IRequestMessage<TResponse> request, Target target, RequestOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        MessageSerializer serializer = _peer.Registry.GetSerializer(request.GetType());
        return _requests.RequestAsync<ObjectBody, TResponse>(
            ActionOf(serializer), serializer.ActionHash, new ObjectBody(serializer, request), target, options, cancellationToken);
    }

    public ValueTask<TResponse> RequestAsync<TRequest, TResponse>(
        TRequest request, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
    {
        ArgumentNullException.ThrowIfNull(request);
        MessageSerializer<TRequest> serializer = TRequest.Serializer;
        return _requests.RequestAsync<TypedBody<TRequest>, TResponse>(
            ActionOf(serializer), serializer.ActionHash, new TypedBody<TRequest>(serializer, request), target, options, cancellationToken);
    }

    public ValueTask<TResponse> RequestAsync<TBody, TResponse>(
        string action, TBody body, Target target, RequestOptions? options, CancellationToken cancellationToken)
    {
        CheckAction(action);
        return _requests.RequestAsync<TypedBody<TBody>, TResponse>(
            action, ActionHash.Compute(action), new TypedBody<TBody>(_peer.Registry.GetSerializer<TBody>(), body), target, options, cancellationToken);
    }

    public async IAsyncEnumerable<PeerAnswer<TResponse>> RequestAllAsync<TResponse>(
        IRequestMessage<TResponse> request, Target target, RequestOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        MessageSerializer serializer = _peer.Registry.GetSerializer(request.GetType());
        string action = ActionOf(serializer);
        await _peer.WhenNamedAsync(cancellationToken).ConfigureAwait(false);
        var wait = StartWait.Begin(_peer.Options, options);
        Cluster cluster = await _peer.WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false);
        Target all = target.Kind == TargetKind.Default ? Target.All : target;
        IReadOnlyList<PeerInfo> peers = await _targets.ResolveReadyAsync(cluster, all, serializer.ActionHash, wait, cancellationToken).ConfigureAwait(false);
        if (all.IsOneOfSeveral())
        {
            peers = [_targets.LeastLoaded(cluster, peers, action, serializer.ActionHash, all)];
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        RequestLimit limit = RequestLimit.Begin(cluster.Options, options, wait.Elapsed);
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
            var observation = SendObservation.Begin(_peer.Metrics.Messages, _peer.Id, action, TelemetryNames.Request, Target.Peer(info.Id));
            PeerAnswer<TResponse> answer;
            try
            {
                TargetSelector.ThrowIfDeaf(info, action, serializer.ActionHash);
                answer = new PeerAnswer<TResponse>(info.Id, await RequestSender.RequestOverNewRouteAsync<ObjectBody, TResponse>(
                    cluster, info, action, serializer.ActionHash, new ObjectBody(serializer, request), options, limit, all.Kind == TargetKind.Peer ? Retry.None : Retry.SameId, leaving.Token).ConfigureAwait(false));
                observation.End();
            }
            catch (Exception e)
            {
                observation.End(e);
                answer = new PeerAnswer<TResponse>(info.Id, e);
            }

            answers.Writer.TryWrite(answer);
        }
    }

    public async ValueTask SendStreamAsync<TMessage>(
        TMessage message, IAsyncEnumerable<ReadOnlyMemory<byte>> content, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TMessage : IMessage<TMessage>
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(content);
        MessageSerializer<TMessage> serializer = TMessage.Serializer;
        await _streams.SendAsync<TypedBody<TMessage>, MessageBody>(
            ActionOf(serializer),
            serializer.ActionHash,
            new TypedBody<TMessage>(serializer, message),
            content,
            FrameFlags.SendsStream | FrameFlags.NoValue,
            target,
            options,
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<TResponse> RequestWithStreamAsync<TResponse>(
        IRequestMessage<TResponse> request, IAsyncEnumerable<ReadOnlyMemory<byte>> content, Target target, RequestOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(content);
        MessageSerializer serializer = _peer.Registry.GetSerializer(request.GetType());
        return _streams.SendAsync<ObjectBody, TResponse>(
            ActionOf(serializer), serializer.ActionHash, new ObjectBody(serializer, request), content, FrameFlags.SendsStream, target, options, cancellationToken);
    }

    public ValueTask<Stream> OpenStreamAsync<TMessage>(TMessage message, Target target, RequestOptions? options, CancellationToken cancellationToken)
        where TMessage : IMessage<TMessage>
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageSerializer<TMessage> serializer = TMessage.Serializer;
        return _streams.OpenAsync(ActionOf(serializer), serializer.ActionHash, new TypedBody<TMessage>(serializer, message), target, options, cancellationToken);
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
}
