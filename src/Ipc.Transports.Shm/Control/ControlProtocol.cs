namespace Ipc.Transports.Control;

/// <summary>Numbers of the control connection's wire format; docs/wire-format.md has the tables.</summary>
/// <remarks>
/// <code>
///  0                                   4        5        6                 8
///  +-----------------------------------+--------+--------+-----------------+
///  |  payload length (without header)  |  type  |  fds   |        0        |
///  +-----------------------------------+--------+--------+-----------------+
///  |  payload                                                              |
/// </code>
/// </remarks>
internal static class ControlProtocol
{
    /// <summary>Raised with every other version of the wire format, and when anything changes that has none of its own: messages, doorbells, segments, pipes. Both ends must agree.</summary>
    public const ushort Version = 3;

    /// <summary>The first bytes of a greeting: "IPCW", little endian.</summary>
    public const uint Magic = 0x57435049;

    /// <summary>Bytes of a message's header.</summary>
    public const int HeaderSize = 8;

    /// <summary>Largest payload of a peer that has not been admitted, in bytes: a greeting with its actions.</summary>
    public const int MaxGreetingSize = 256 << 10;

    /// <summary>Largest payload of an admitted peer, in bytes: a directory.</summary>
    public const int MaxPayloadSize = 4 << 20;

    /// <summary>Bytes of a launch secret.</summary>
    public const int SecretSize = 32;

    /// <summary>Longest text in a message, in UTF-8 bytes.</summary>
    public const int MaxTextSize = 4096;
}
