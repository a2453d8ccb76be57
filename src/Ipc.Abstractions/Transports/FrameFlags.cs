namespace Ipc.Transports;

/// <summary>Which optional parts follow a frame's fixed header, in this order, and what a request brings with it. The numbers are part of the wire format.</summary>
[Flags]
public enum FrameFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>25 bytes of W3C trace context: trace id (16), span id (8), trace flags (1).</summary>
    Trace = 1,

    /// <summary>A 4-byte length and that many bytes of MessagePack: a map of text to text.</summary>
    Headers = 2,

    /// <summary>A 4-byte length and that many bytes of MessagePack: the listeners that wait for this request, oldest first.</summary>
    Chain = 4,

    /// <summary>A request whose sender writes a stream that its listener reads. No bytes in the frame.</summary>
    SendsStream = 8,

    /// <summary>A request whose sender reads a stream that its listener writes. No bytes in the frame.</summary>
    ReadsStream = 16,

    /// <summary>A request that wants to know when its listener has ended, and no value: it may go to a listener that does not answer. No bytes in the frame.</summary>
    NoValue = 32,

    /// <summary>8 bytes behind all other parts: when the message was sent, in nanoseconds of the machine's monotonic clock. Only where somebody measures.</summary>
    Sent = 64,
}
