using System.Buffers;
using System.Buffers.Binary;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Streams;

/// <summary>The streams of one message at one of its two peers: the way of their frames to the other.</summary>
internal sealed class MessageStreams
{
    /// <summary>The number of the stream that the message's sender writes; the other one's is 1.</summary>
    public const ulong SendersNumber = 0;

    /// <summary>The number of the stream that the message's listener writes.</summary>
    public const ulong ListenersNumber = 1;

    private readonly StreamTable _table;
    private readonly Lock _gate = new();
    private OutboundRoute? _route;
    private PeerId _remote;
    private bool _isBound;

    /// <summary>Made by <see cref="StreamTable"/>.</summary>
    /// <param name="table">Where it is found when frames arrive.</param>
    /// <param name="isSender">Whether this peer has sent the message.</param>
    /// <param name="action">The message's action.</param>
    /// <param name="flags">Which streams there are.</param>
    public MessageStreams(StreamTable table, bool isSender, string action, FrameFlags flags)
    {
        _table = table;
        IsSender = isSender;
        Action = action;
        bool sends = (flags & FrameFlags.SendsStream) != 0;
        bool reads = (flags & FrameFlags.ReadsStream) != 0;
        if (isSender ? reads : sends)
        {
            Incoming = new IncomingStream(this, table.Window, isSender ? StreamLimits.MinWindow : 0, table.Metrics);
        }

        if (isSender ? sends : reads)
        {
            Outgoing = new OutgoingStream(this, table.Piece, isSender ? 0 : StreamLimits.MinWindow, new CancellationTokenSource());
        }
    }

    /// <summary>Whether this peer has sent the message.</summary>
    public bool IsSender { get; }

    public string Action { get; }

    /// <summary>What is thrown instead of a listener's exceptions.</summary>
    public ExceptionMappings Mappings => _table.Mappings;

    /// <summary>The message's number at its sender.</summary>
    public long Correlation { get; private set; }

    /// <summary>What the other one writes; <see langword="null"/> when it writes nothing.</summary>
    public IncomingStream? Incoming { get; }

    /// <summary>What is written here; <see langword="null"/> when nothing is.</summary>
    public OutgoingStream? Outgoing { get; }

    /// <summary>The other one; before <see cref="IsBound"/> any incarnation of it.</summary>
    public PeerId Remote
    {
        get
        {
            lock (_gate)
            {
                return _remote;
            }
        }
    }

    /// <summary>Whether it is known which incarnation the other one is. A message's sender learns it with the first frame.</summary>
    public bool IsBound
    {
        get
        {
            lock (_gate)
            {
                return _isBound;
            }
        }
    }

    /// <summary>The message is about to go out under this number.</summary>
    public void Add(long correlation, PeerId remote) => _table.AddSent(this, correlation, remote);

    /// <summary>The message has its number, and its other end.</summary>
    public void Begin(long correlation, PeerId remote)
    {
        lock (_gate)
        {
            Correlation = correlation;
            _remote = remote;
            _isBound = !IsSender;
            _route = null;
        }
    }

    /// <summary>Whether frames of this peer are meant; the first one says which incarnation handles the message.</summary>
    public bool IsFrom(PeerId peer)
    {
        lock (_gate)
        {
            if (_isBound)
            {
                return _remote == peer;
            }

            if (!_remote.IsSameSlot(peer))
            {
                return false;
            }

            _remote = peer;
            _isBound = true;
            return true;
        }
    }

    /// <summary>Neither end goes on.</summary>
    public void Fail(Exception error)
    {
        Incoming?.Fail(error);
        Outgoing?.Stop(error);
    }

    /// <summary>The listener has ended, or the sender's call: what was written is complete, or given up for this reason. Never throws.</summary>
    public async Task FinishAsync(RemoteError? error)
    {
        Remove();
        StopReading();
        if (Outgoing is { } outgoing && IsBound)
        {
            await (error is null ? outgoing.EndAsync() : outgoing.AbortAsync(error)).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing is read here any more; the writer is told when it is still at it.</summary>
    public void StopReading()
    {
        if (Incoming is { } incoming && incoming.Stop() && IsBound)
        {
            _ = SendQuietlyAsync(FrameKind.StreamStop, default);
        }
    }

    /// <summary>Frames come too late from now on.</summary>
    public void Remove() => _table.Remove(this);

    public ValueTask SendCreditAsync(long limit) => SendAsync(FrameKind.StreamCredit, Number(limit), Timeout.InfiniteTimeSpan, CancellationToken.None);

    public Task SendEndAsync(long total) => SendQuietlyAsync(FrameKind.StreamEnd, Number(total));

    public Task SendAbortAsync(RemoteError error)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(body);
        RemoteError.Serializer.Write(ref writer, error.FitInto(_table.MaxMessageSize));
        writer.Flush();
        return SendQuietlyAsync(FrameKind.StreamAbort, body.WrittenMemory);
    }

    /// <summary>Signals a token outside of this thread.</summary>
    public void Cancel(CancellationTokenSource source) => _table.Cancel(source);

    /// <summary>Sends a frame, and waits while there is no room for it in the lane.</summary>
    public async ValueTask SendAsync(FrameKind kind, ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        OutboundRoute route = _route ?? await OpenAsync(cancellationToken).ConfigureAwait(false);
        bool isOutgoing = kind is FrameKind.StreamData or FrameKind.StreamEnd or FrameKind.StreamAbort;
        var header = new FrameHeader(kind, FrameFlags.None, isOutgoing == IsSender ? SendersNumber : ListenersNumber, Correlation, 0);
        IBufferWriter<byte> output = route.Lane.BeginFrame();
        try
        {
            FrameEncoder.WriteEmpty(output, header);
            output.Write(body.Span);
        }
        catch
        {
            route.Lane.AbortFrame();
            throw;
        }

        await route.Lane.CommitFrameAsync(timeout, cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Number(long value)
    {
        byte[] body = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(body, value);
        return body;
    }

    private async ValueTask<OutboundRoute> OpenAsync(CancellationToken cancellationToken)
    {
        OutboundRoute route = await _table.OpenRouteAsync(Remote, cancellationToken).ConfigureAwait(false);
        _route = route;
        return route;
    }

    /// <summary>Waits for room as long as the peer lives: nothing else would tell it. Never throws.</summary>
    private async Task SendQuietlyAsync(FrameKind kind, ReadOnlyMemory<byte> body)
    {
        try
        {
            await SendAsync(kind, body, Timeout.InfiniteTimeSpan, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IpcException e)
        {
            _table.Unsent(this, kind, e);
        }
    }
}
