using System.Buffers;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Fuzz.Tests;

/// <summary>Frames from another process may be anything: their header is legal or refused, their optional parts are legal or a <see cref="MessageFormatException"/>.</summary>
public sealed class FrameFuzzTests
{
    private static readonly byte[][] Examples =
    [
        Frame(FrameKind.OneWay, null),
        Frame(FrameKind.Request, new MessageHeaders(new Dictionary<string, string> { ["tenant"] = "a", ["culture"] = "de-DE" })),
        Frame(FrameKind.Response, new MessageHeaders(new Dictionary<string, string> { [""] = "" })),
        Start(FrameFlags.Trace, 32 + 25),
        Start(FrameFlags.Trace | FrameFlags.Headers, 32 + 25 + 4 + 1, 1, 0, 0, 0, 0x80),
        Start(FrameFlags.Headers, 32 + 4 + 4, 4, 0, 0, 0, 0x81, 0xA1, (byte)'k', 0xC0),
        Start(FrameFlags.Headers, 32 + 4 + 3, 3, 0, 0, 0, 0x81, 0xC0, 0xC0),
        Start(FrameFlags.Headers, 32 + 2),
    ];

    [Fact]
    public void A_frame_is_read_or_refused_and_nothing_lies_outside_of_it() => Garbage.Feed(60_000, static garbage =>
    {
        byte[] frame = garbage.Bend(Examples);
        if (!FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset))
        {
            return;
        }

        Assert.InRange(bodyOffset, FrameHeader.Size, frame.Length);
        try
        {
            _ = FrameEncoder.ReadHeaders(frame, header, bodyOffset);
            _ = TraceContext.Read(frame, header, bodyOffset, null);
            _ = SendingTime.Read(frame, header, bodyOffset);
            var reader = new MessagePackReader(frame.AsSpan(bodyOffset));
            reader.Skip();
        }
        catch (MessageFormatException)
        {
            return; // refused, with a reason
        }
    });

    private static byte[] Frame(FrameKind kind, MessageHeaders? headers)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameEncoder.Write(output, new FrameHeader(kind, FrameFlags.None, 7, 1, 0), headers, new Nothing());
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Start(FrameFlags flags, int bodyOffset, params byte[] parts)
    {
        byte[] frame = new byte[bodyOffset + 1];
        new FrameHeader(FrameKind.OneWay, flags, 7, 1, 0).Write(frame, bodyOffset);
        parts.CopyTo(frame.AsSpan(Math.Min(frame.Length - parts.Length, FrameHeader.Size + ((flags & FrameFlags.Trace) != 0 ? 25 : 0))));
        frame[^1] = 0xC0;
        return frame;
    }

    private readonly struct Nothing : IFrameBody
    {
        public void Write(ref MessagePackWriter writer) => writer.WriteNil();
    }
}
