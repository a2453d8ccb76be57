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
}
