using System.Buffers.Binary;
using System.Diagnostics;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Telemetry;

/// <summary>
/// When a message was sent, as the last of a frame's optional parts: a timestamp of <see cref="Stopwatch"/>, the one monotonic clock of the machine that its processes share
/// (Linux: nanoseconds). Setting the machine's time does not change what is measured.
/// </summary>
internal static class SendingTime
{
    /// <summary>How many bytes it takes.</summary>
    public const int Size = sizeof(long);

    /// <summary>Writes now.</summary>
    public static void Write(Span<byte> destination) => BinaryPrimitives.WriteInt64LittleEndian(destination, Stopwatch.GetTimestamp());

    /// <summary>Reads it from bytes that may be anything.</summary>
    /// <returns>0 when the frame does not say.</returns>
    /// <exception cref="MessageFormatException">The frame has no room for what its flags promise.</exception>
    public static long Read(ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset)
    {
        if ((header.Flags & FrameFlags.Sent) == 0)
        {
            return 0;
        }

        return bodyOffset >= FrameHeader.Size + Size
            ? BinaryPrimitives.ReadInt64LittleEndian(frame[(bodyOffset - Size)..])
            : throw new MessageFormatException("The frame's sending time lies outside of the frame's header.");
    }
}
