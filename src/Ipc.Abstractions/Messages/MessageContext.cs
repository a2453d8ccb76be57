namespace Ipc;

/// <summary>What a listener may know about the message it handles, beside the message. A value: keeping a copy is safe.</summary>
public readonly struct MessageContext
{
    private readonly MessageHeaders? _headers;
    private readonly Stream? _stream;

    /// <summary>Makes a context; listeners get theirs from the dispatcher, tests may make their own.</summary>
    /// <param name="action">The message's action.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="messageId">The sender's number for the message; unique within one incarnation of the sender.</param>
    /// <param name="deliveryCount">How often the message has been given to a listener, this time included; 1 unless redelivered.</param>
    /// <param name="headers">The sender's headers, or <see langword="null"/> when there are none.</param>
    public MessageContext(string action, PeerId sender, long messageId = 0, int deliveryCount = 1, MessageHeaders? headers = null)
    {
        Action = action;
        Sender = sender;
        MessageId = messageId;
        DeliveryCount = deliveryCount;
        _headers = headers;
    }

    /// <summary>The message's action, for example <c>order.placed</c>; of a published one its subscription's, for example <c>topic:orders.*</c>.</summary>
    public string Action { get; }

    /// <summary>Who sent it: <c>Target.Peer(context.Sender)</c> answers by hand.</summary>
    public PeerId Sender { get; }

    /// <summary>The sender's number for the message; unique within one incarnation of the sender.</summary>
    public long MessageId { get; }

    /// <summary>How often the message has been given to a listener, this time included.</summary>
    public int DeliveryCount { get; }

    /// <summary>The topic that the message was published under; <see langword="null"/> for one that was sent.</summary>
    public string? Topic { get; init; }

    /// <summary>The headers that the sender added; empty when there are none.</summary>
    public MessageHeaders Headers => _headers ?? MessageHeaders.Empty;

    /// <summary>Whether the message came with a <see cref="Stream"/>.</summary>
    public bool HasStream => _stream is not null;

    /// <summary>
    /// The bytes that come with the message: to be read when it was sent by <c>SendStreamAsync</c> or <c>RequestWithStreamAsync</c>, to be written when it was sent by
    /// <c>OpenStreamAsync</c>. It ends with the listener: what was written is complete when the listener returns, and given up when it throws; what was not read is not sent.
    /// </summary>
    /// <remarks>One read and one write at a time. A test of a listener may put any stream here.</remarks>
    /// <exception cref="InvalidOperationException">The message came without one.</exception>
    public Stream Stream
    {
        get => _stream ?? throw new InvalidOperationException(
            $"\"{Action}\" of {Sender} came without a stream: it has to be sent by SendStreamAsync, RequestWithStreamAsync or OpenStreamAsync.");
        init => _stream = value;
    }
}
