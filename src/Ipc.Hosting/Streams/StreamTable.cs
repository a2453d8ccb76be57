using System.Buffers.Binary;
using System.Collections.Concurrent;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Streams;

/// <summary>The open streams of one peer, and the frames that arrive for them.</summary>
internal sealed class StreamTable(IpcPeerOptions options, IpcMetrics metrics, ILogger logger)
{
    private volatile TaskCompletionSource<Cluster> _cluster = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<long, MessageStreams> _sent = new();
    private readonly ConcurrentDictionary<(PeerId Sender, long Correlation), MessageStreams> _accepted = new();
    private volatile string? _closed;
    private int _count;

    /// <summary>Whether no stream is open.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>How many bytes of a stream its reader keeps at most.</summary>
    public int Window => options.StreamWindow;

    /// <summary>The most bytes in one frame.</summary>
    public int Piece => Math.Min(StreamLimits.MaxPiece, options.MaxMessageSize - FrameHeader.Size);

    /// <summary>The most bytes of a frame.</summary>
    public int MaxMessageSize => options.MaxMessageSize;

    public IpcMetrics Metrics => metrics;

    /// <summary>What is thrown instead of a listener's exceptions.</summary>
    public ExceptionMappings Mappings => _cluster.Task.IsCompletedSuccessfully ? _cluster.Task.Result.Mappings : ExceptionMappings.None;

    /// <summary>Messages with streams may arrive a moment before this; their streams wait for it.</summary>
    public void Attach(Cluster cluster) => _cluster.TrySetResult(cluster);

    /// <summary>The message is about to be sent under this number.</summary>
    public void AddSent(MessageStreams streams, long correlation, PeerId peer)
    {
        streams.Begin(correlation, peer);
        _sent[correlation] = streams;
        Interlocked.Increment(ref _count);
        FailIfClosed(streams);
    }

    /// <summary>The listener of a message with streams is about to start.</summary>
    public MessageStreams Accept(PeerId sender, long correlation, string action, FrameFlags flags)
    {
        var streams = new MessageStreams(this, isSender: false, action, flags);
        streams.Begin(correlation, sender);
        MessageStreams? earlier = null;
        _accepted.AddOrUpdate((sender, correlation), streams, (_, replaced) =>
        {
            earlier = replaced;
            return streams;
        });
        if (earlier is null)
        {
            Interlocked.Increment(ref _count); // the earlier one is not removed any more
        }

        FailIfClosed(streams);
        if (_cluster.Task.IsCompletedSuccessfully)
        {
            _cluster.Task.Result.Transport.ReadAnswers(); // from now on its frames wake this process
        }

        // No frame finds the earlier one any more, and no news of its sender's end: its listener would wait for ever.
        earlier?.Fail(new IpcException(IpcError.BadMessage, $"The stream of \"{earlier.Action}\" has no end: {sender} has used its number for another message."));
        return streams;
    }

    /// <summary>Frames for these streams come too late from now on.</summary>
    public void Remove(MessageStreams streams)
    {
        bool isRemoved = streams.IsSender
            ? _sent.TryRemove(KeyValuePair.Create(streams.Correlation, streams))
            : _accepted.TryRemove(KeyValuePair.Create((streams.Remote, streams.Correlation), streams));
        if (isRemoved)
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>A frame of a stream has arrived. Nothing waits here, and nothing is kept beyond what was granted.</summary>
    public void OnFrame(scoped in InboundFrame frame, FrameHeader header, int bodyOffset)
    {
        string? wrong = frame.Lane.Kind != LaneKind.Answer || header.ActionHash > MessageStreams.ListenersNumber
            ? $"a frame of a stream on a lane of the kind {frame.Lane.Kind}, about its stream {header.ActionHash}"
            : Find(frame.Lane.Remote, header) is { } streams ? Handle(streams, header.Kind, frame.Bytes[bodyOffset..]) : Late();
        if (wrong is not null)
        {
            string reason = $"{frame.Lane.Remote} sent {wrong}";
            FailWith(frame.Lane.Remote, reason);
            frame.Lane.Fault($"{reason}.");
        }
    }

    /// <summary>An incarnation has ended, or has dropped the lane of its streams: none of them goes on.</summary>
    public void PeerGone(PeerId peer) => FailWith(peer, $"{peer} has ended, or has dropped its lane");

    /// <summary>The connection has ended, and the senders on it have been cut: no stream of it goes on.</summary>
    public void Detach(string reason)
    {
        _cluster = new TaskCompletionSource<Cluster>(TaskCreationOptions.RunContinuationsAsynchronously);
        FailWhere(static _ => true, s => new IpcException(IpcError.PeerGone, $"The stream of \"{s.Action}\" has no end: {reason}"));
    }

    /// <summary>No stream goes on, now and from now on, because this process stops.</summary>
    public void Close(string reason)
    {
        _closed = reason;
        Interlocked.MemoryBarrier(); // pairs with FailIfClosed: it adds, then looks at the reason
        FailWhere(static _ => true, s => NotRunning(s, reason));
    }

    /// <summary>The lane for the frames of streams with a peer.</summary>
    public async ValueTask<OutboundRoute> OpenRouteAsync(PeerId remote, CancellationToken cancellationToken)
    {
        Cluster cluster = await _cluster.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await cluster.Routes.GetAsync(remote, LaneKind.Answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Signals a token on another thread than this one, which may be the one that reads for everybody.</summary>
    public void Cancel(CancellationTokenSource source)
    {
        _ = CancelAsync();

        async Task CancelAsync()
        {
            try
            {
                await source.CancelAsync().ConfigureAwait(false);
            }
            catch (AggregateException e)
            {
                MessagingLog.CancellationCallbackFailed(logger, e);
            }
        }
    }

    /// <summary>A frame that is nobody's loss could not be sent.</summary>
    public void Unsent(MessageStreams streams, FrameKind kind, IpcException error) =>
        MessagingLog.StreamFrameUndeliverable(logger, kind, streams.Action, streams.Remote, error.Message);

    private static bool IsFromWriter(FrameKind kind) => kind is FrameKind.StreamData or FrameKind.StreamEnd or FrameKind.StreamAbort;

    /// <summary>The streams that a frame is about. Its number is one that others can guess: only the peer at the other end is heard.</summary>
    private MessageStreams? Find(PeerId remote, FrameHeader header)
    {
        bool isSender = IsFromWriter(header.Kind) == (header.ActionHash == MessageStreams.ListenersNumber);
        MessageStreams? streams = isSender ? _sent.GetValueOrDefault(header.Correlation) : _accepted.GetValueOrDefault((remote, header.Correlation));
        bool exists = IsFromWriter(header.Kind) ? streams?.Incoming is not null : streams?.Outgoing is not null;
        return exists && streams!.IsFrom(remote) ? streams : null;
    }

    /// <returns>What the peer did wrong; <see langword="null"/> when nothing.</returns>
    private string? Handle(MessageStreams streams, FrameKind kind, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case FrameKind.StreamData:
                return streams.Incoming!.OnData(body);
            case FrameKind.StreamEnd:
                return body.Length == sizeof(long) ? streams.Incoming!.OnEnd(BinaryPrimitives.ReadInt64LittleEndian(body)) : "an end of a stream that is not 8 bytes";
            case FrameKind.StreamCredit:
                return body.Length == sizeof(long) ? streams.Outgoing!.OnCredit(BinaryPrimitives.ReadInt64LittleEndian(body)) : "a credit that is not 8 bytes";
            case FrameKind.StreamStop:
                streams.Outgoing!.Stop(new OperationCanceledException($"{streams.Remote} reads no more of the stream of \"{streams.Action}\"."));
                return null;
            default:
                streams.Incoming!.Fail(ReadError(streams, body));
                return null;
        }
    }

    private IpcException ReadError(MessageStreams streams, ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new MessagePackReader(body);
            return RemoteError.Serializer.Read(ref reader).ToException(streams.Remote, streams.Action);
        }
        catch (MessageFormatException e)
        {
            MessagingLog.UnreadableError(logger, streams.Remote, streams.Action, e);
            return new IpcException(IpcError.BadMessage, $"{streams.Remote} gave the stream of \"{streams.Action}\" up for a reason that could not be read: {e.Message}", e);
        }
    }

    private string? Late()
    {
        metrics.LateStreamFrame();
        return null;
    }

    private void FailIfClosed(MessageStreams streams)
    {
        Interlocked.MemoryBarrier();
        if (_closed is { } reason)
        {
            streams.Fail(NotRunning(streams, reason));
        }
    }

    private void FailWith(PeerId peer, string reason) =>
        FailWhere(s => s.IsBound && s.Remote == peer, s => new IpcException(IpcError.PeerGone, $"{reason}, before the end of the stream of \"{s.Action}\"."));

    private void FailWhere(Func<MessageStreams, bool> condition, Func<MessageStreams, Exception> error)
    {
        foreach (MessageStreams streams in _sent.Values.Concat(_accepted.Values).Where(condition))
        {
            streams.Fail(error(streams));
        }
    }

    private static IpcException NotRunning(MessageStreams streams, string reason) =>
        new(IpcError.NotRunning, $"The stream of \"{streams.Action}\" has no end: {reason}");
}
