using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Ipc.Serialization;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Writes frames: the header, its optional parts, then the body.</summary>
internal static class FrameEncoder
{
    /// <summary>How many bytes the headers of one message may take.</summary>
    public const int MaxHeadersSize = 64 << 10;

    private const int LengthSize = sizeof(int);

    /// <summary>Writes a whole frame.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="header">The fixed part; the flags of optional parts are added.</param>
    /// <param name="headers">The message's own headers.</param>
    /// <param name="body">The body.</param>
    /// <param name="chain">Who waits for the message.</param>
    /// <param name="trace">What sends it, if that is traced.</param>
    /// <param name="stamp">Whether it says when it was sent.</param>
    /// <exception cref="IpcException"><see cref="IpcError.MessageTooLarge"/>: the headers are too large.</exception>
    public static void Write<TBody>(
        IBufferWriter<byte> output, FrameHeader header, MessageHeaders? headers, in TBody body, CallChain? chain = null, Activity? trace = null, bool stamp = false)
        where TBody : struct, IFrameBody
    {
        WriteStart(output, header, headers, chain, trace, stamp);
        var writer = new MessagePackWriter(output);
        body.Write(ref writer);
        writer.Flush();
    }

    /// <summary>Writes a frame that is complete without a body.</summary>
    public static void WriteEmpty(IBufferWriter<byte> output, FrameHeader header) => WriteStart(output, header, null, null, null, stamp: false);

    /// <summary>Reads the headers that <see cref="Write"/> wrote, from bytes that may be anything.</summary>
    /// <exception cref="MessageFormatException">They are not headers.</exception>
    public static MessageHeaders? ReadHeaders(ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset)
    {
        if ((header.Flags & FrameFlags.Headers) == 0)
        {
            return null;
        }

        var reader = new MessagePackReader(ReadPart(frame, header, FrameFlags.Headers, MaxHeadersSize, bodyOffset));
        int count = reader.ReadMapHeader();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string key = reader.ReadString() ?? throw new MessageFormatException("A header has no name.");
            values[key] = reader.ReadString() ?? throw new MessageFormatException($"The header \"{key}\" has no value.");
        }

        return new MessageHeaders(values);
    }

    /// <summary>Reads the call chain that <see cref="Write"/> wrote, from bytes that may be anything.</summary>
    /// <exception cref="MessageFormatException">They are not a call chain.</exception>
    public static CallChain? ReadChain(ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset) => (header.Flags & FrameFlags.Chain) == 0
        ? null
        : CallChain.Read(ReadPart(frame, header, FrameFlags.Chain, CallChain.MaxSize, bodyOffset));

    /// <summary>Finds an optional part that begins with its length.</summary>
    private static ReadOnlySpan<byte> ReadPart(ReadOnlySpan<byte> frame, FrameHeader header, FrameFlags part, int maxSize, int bodyOffset)
    {
        int position = FrameHeader.Size;
        if ((header.Flags & FrameFlags.Trace) != 0)
        {
            position += TraceContext.Size;
        }

        if (part == FrameFlags.Chain && (header.Flags & FrameFlags.Headers) != 0)
        {
            position += LengthSize + ReadLength(frame, position, MaxHeadersSize, bodyOffset);
        }

        return frame.Slice(position + LengthSize, ReadLength(frame, position, maxSize, bodyOffset));
    }

    private static int ReadLength(ReadOnlySpan<byte> frame, int position, int maxSize, int bodyOffset)
    {
        if (position + LengthSize > bodyOffset)
        {
            throw new MessageFormatException("A part of the frame's header lies outside of the frame.");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(frame[position..]);
        return length >= 0 && length <= maxSize && position + LengthSize + length <= bodyOffset
            ? length
            : throw new MessageFormatException($"A part of the frame's header claims {length} bytes.");
    }

    private static void WriteStart(IBufferWriter<byte> output, FrameHeader header, MessageHeaders? headers, CallChain? chain, Activity? trace, bool stamp)
    {
        if (headers is not { Count: > 0 } && chain is null && trace is null && !stamp)
        {
            header.Write(output.GetSpan(FrameHeader.Size), FrameHeader.Size);
            output.Advance(FrameHeader.Size);
            return;
        }

        FrameFlags flags = header.Flags;
        ReadOnlySpan<byte> parts = EncodeParts(headers, chain, trace, ref flags);
        int traceSize = trace is null ? 0 : TraceContext.Size;
        int bodyOffset = FrameHeader.Size + traceSize + parts.Length + (stamp ? SendingTime.Size : 0);
        Span<byte> start = output.GetSpan(bodyOffset);
        if (trace is not null)
        {
            flags |= FrameFlags.Trace;
            TraceContext.Write(start[FrameHeader.Size..], trace);
        }

        parts.CopyTo(start[(FrameHeader.Size + traceSize)..]);
        if (stamp)
        {
            flags |= FrameFlags.Sent;
            SendingTime.Write(start[(bodyOffset - SendingTime.Size)..]);
        }

        (header with { Flags = flags }).Write(start, bodyOffset);
        output.Advance(bodyOffset);
    }

    /// <summary>The parts that begin with their length.</summary>
    private static ReadOnlySpan<byte> EncodeParts(MessageHeaders? headers, CallChain? chain, Activity? trace, ref FrameFlags flags)
    {
        MessageHeaders? all = trace is null ? headers : TraceHeaders.AddTo(headers, trace);
        if (all is not { Count: > 0 } && chain is null)
        {
            return default;
        }

        var parts = new ArrayBufferWriter<byte>();
        if (all is { Count: > 0 })
        {
            flags |= FrameFlags.Headers;
            WritePart(parts, Encode(all, headers));
        }

        if (chain is not null)
        {
            flags |= FrameFlags.Chain;
            WritePart(parts, chain.Bytes);
        }

        return parts.WrittenSpan;
    }

    private static void WritePart(ArrayBufferWriter<byte> parts, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(parts.GetSpan(LengthSize), bytes.Length);
        parts.Advance(LengthSize);
        parts.Write(bytes);
    }

    /// <summary>What a trace adds never makes a message too large: it stays away then.</summary>
    private static ReadOnlySpan<byte> Encode(MessageHeaders all, MessageHeaders? own)
    {
        ReadOnlySpan<byte> encoded = Encode(all);
        if (encoded.Length > MaxHeadersSize && all != own)
        {
            encoded = Encode(own ?? MessageHeaders.Empty);
        }

        return encoded.Length <= MaxHeadersSize
            ? encoded
            : throw new IpcException(
                IpcError.MessageTooLarge, $"The headers take {encoded.Length} bytes; at most {MaxHeadersSize} are possible. Put large values into the message.");
    }

    private static ReadOnlySpan<byte> Encode(MessageHeaders headers)
    {
        var encoded = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(encoded);
        writer.WriteMapHeader(headers.Count);
        foreach ((string key, string value) in headers)
        {
            writer.Write(key);
            writer.Write(value);
        }

        writer.Flush();
        return encoded.WrittenSpan;
    }
}
