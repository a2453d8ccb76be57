namespace Ipc.Transports;

/// <summary>What a frame is. The numbers are part of the wire format.</summary>
public enum FrameKind : byte
{
    /// <summary>Not a frame.</summary>
    None = 0,

    /// <summary>A message without an answer.</summary>
    OneWay = 1,

    /// <summary>A message that is to be answered.</summary>
    Request = 2,

    /// <summary>The answer to the request with the same correlation.</summary>
    Response = 3,

    /// <summary>The request with the same correlation has failed; the body says why.</summary>
    Error = 4,

    /// <summary>The asker gave the request with the same correlation up.</summary>
    Cancel = 5,

    /// <summary>Bytes of a stream. Frames of streams travel on answer lanes, from incarnation to incarnation.</summary>
    StreamData = 6,

    /// <summary>The stream is complete; the body is the number of its bytes.</summary>
    StreamEnd = 7,

    /// <summary>The stream's writer has given up; the body says why.</summary>
    StreamAbort = 8,

    /// <summary>The stream's reader has room; the body is how many bytes may be sent in all.</summary>
    StreamCredit = 9,

    /// <summary>The stream's reader wants no more of it.</summary>
    StreamStop = 10,
}
