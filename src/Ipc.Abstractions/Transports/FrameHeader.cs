using System.Buffers.Binary;

namespace Ipc.Transports;

/// <summary>The fixed part of every frame, the same on every transport. Little endian.</summary>
/// <remarks>
/// <code>
///  0        1        2                 4                                   8
///  +--------+--------+-----------------+-----------------------------------+
///  |version |  kind  |      flags      |  body offset (from frame start)   |
///  +--------+--------+-----------------+-----------------------------------+  8
///  |                  action hash (FNV-1a 64 of its UTF-8)                  |
///  +-----------------------------------------------------------------------+ 16
///  |        correlation (the sender's message id; an answer repeats it)     |
///  +-----------------------------------------------------------------------+ 24
///  |        deadline (microseconds since 1970-01-01 UTC; 0 is none)         |
///  +-----------------------------------------------------------------------+ 32
///  |  optional parts in the order of the flags, then the MessagePack body   |
/// </code>
/// </remarks>
/// <param name="Kind">What the frame is.</param>
/// <param name="Flags">Which optional parts follow.</param>
/// <param name="ActionHash">The action; 0 in answers, errors and cancels; in frames of a stream 0 when the request's sender writes it, 1 when its listener does.</param>
/// <param name="Correlation">The sender's message id; an answer, error, cancel or frame of a stream repeats the request's.</param>
/// <param name="DeadlineMicroseconds">When the asker stops waiting, in microseconds since 1970-01-01 UTC; 0 is never.</param>
public readonly record struct FrameHeader(FrameKind Kind, FrameFlags Flags, ulong ActionHash, long Correlation, long DeadlineMicroseconds)
{
    /// <summary>Size of the fixed part in bytes.</summary>
    public const int Size = 32;

    /// <summary>The version that this library writes and reads.</summary>
    public const byte Version = 2;

    /// <summary>Where the action's hash stands.</summary>
    public const int ActionHashOffset = 8;

    private const FrameFlags KnownFlags = FrameFlags.Trace | FrameFlags.Headers | FrameFlags.Chain | FrameFlags.SendsStream | FrameFlags.ReadsStream | FrameFlags.NoValue | FrameFlags.Sent;

    /// <summary>Writes the fixed part.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <param name="bodyOffset">Where the body begins, counted from the frame's first byte.</param>
    public void Write(Span<byte> destination, int bodyOffset)
    {
        destination[0] = Version;
        destination[1] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], (ushort)Flags);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], bodyOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[ActionHashOffset..], ActionHash);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], Correlation);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], DeadlineMicroseconds);
    }

    /// <summary>Reads the fixed part of bytes that may be anything.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="header">The header, when it is one.</param>
    /// <param name="bodyOffset">Where the body begins; within <paramref name="frame"/>.</param>
    /// <returns>Whether version, kind, flags and body offset are legal.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameHeader header, out int bodyOffset)
    {
        header = default;
        bodyOffset = 0;
        if (frame.Length < Size || frame[0] != Version || frame[1] is 0 or > (byte)FrameKind.StreamStop)
        {
            return false;
        }

        var flags = (FrameFlags)BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]);
        int offset = BinaryPrimitives.ReadInt32LittleEndian(frame[4..]);
        if ((flags & ~KnownFlags) != 0 || offset < Size || offset > frame.Length)
        {
            return false;
        }

        header = new FrameHeader(
            (FrameKind)frame[1],
            flags,
            BinaryPrimitives.ReadUInt64LittleEndian(frame[ActionHashOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[24..]));
        bodyOffset = offset;
        return true;
    }
}
