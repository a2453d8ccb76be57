using System.Buffers;
using System.Buffers.Binary;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Writes frames: the header, its optional parts, then the body.</summary>
internal static class FrameEncoder
{
    /// <summary>How many bytes the headers of one message may take.</summary>
    public const int MaxHeadersSize = 64 << 10;

    private const int LengthSize = sizeof(int);
    private const int TraceSize = 25;

    /// <summary>Writes a whole frame.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.MessageTooLarge"/>: the headers are too large.</exception>
    public static void Write<TBody>(IBufferWriter<byte> output, FrameHeader header, MessageHeaders? headers, in TBody body)
        where TBody : struct, IFrameBody
    {
        WriteStart(output, header, headers);
        var writer = new MessagePackWriter(output);
        body.Write(ref writer);
        writer.Flush();
    }

    /// <summary>Writes a frame that is complete without a body.</summary>
    public static void WriteEmpty(IBufferWriter<byte> output, FrameHeader header) => WriteStart(output, header, null);

    /// <summary>Reads the headers that <see cref="Write"/> wrote, from bytes that may be anything.</summary>
    /// <exception cref="MessageFormatException">They are not headers.</exception>
    public static MessageHeaders? ReadHeaders(ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset)
    {
        int position = FrameHeader.Size;
        if ((header.Flags & FrameFlags.Trace) != 0)
        {
            position += TraceSize;
        }

        if ((header.Flags & FrameFlags.Headers) == 0)
        {
            return null;
        }

        if (position + LengthSize > bodyOffset)
        {
            throw new MessageFormatException("The frame's headers lie outside of the frame.");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(frame[position..]);
        position += LengthSize;
        if (length < 0 || length > MaxHeadersSize || position + length > bodyOffset)
        {
            throw new MessageFormatException($"The frame's headers claim {length} bytes.");
        }

        var reader = new MessagePackReader(frame.Slice(position, length));
        int count = reader.ReadMapHeader();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string key = reader.ReadString() ?? throw new MessageFormatException("A header has no name.");
            values[key] = reader.ReadString() ?? throw new MessageFormatException($"The header \"{key}\" has no value.");
        }

        return new MessageHeaders(values);
    }

    private static void WriteStart(IBufferWriter<byte> output, FrameHeader header, MessageHeaders? headers)
    {
        if (headers is not { Count: > 0 })
        {
            header.Write(output.GetSpan(FrameHeader.Size), FrameHeader.Size);
            output.Advance(FrameHeader.Size);
            return;
        }

        var encoded = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(encoded);
        writer.WriteMapHeader(headers.Count);
        foreach ((string key, string value) in headers)
        {
            writer.Write(key);
            writer.Write(value);
        }

        writer.Flush();
        if (encoded.WrittenCount > MaxHeadersSize)
        {
            throw new IpcException(
                IpcError.MessageTooLarge, $"The headers take {encoded.WrittenCount} bytes; at most {MaxHeadersSize} are possible. Put large values into the message.");
        }

        int bodyOffset = FrameHeader.Size + LengthSize + encoded.WrittenCount;
        Span<byte> start = output.GetSpan(bodyOffset);
        (header with { Flags = header.Flags | FrameFlags.Headers }).Write(start, bodyOffset);
        BinaryPrimitives.WriteInt32LittleEndian(start[FrameHeader.Size..], encoded.WrittenCount);
        encoded.WrittenSpan.CopyTo(start[(FrameHeader.Size + LengthSize)..]);
        output.Advance(bodyOffset);
    }
}
