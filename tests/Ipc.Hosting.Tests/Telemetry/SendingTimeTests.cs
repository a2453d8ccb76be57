using System.Buffers;
using System.Diagnostics;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Telemetry;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>When a message was sent, in its frame, as the wire format says.</summary>
public sealed class SendingTimeTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void It_is_the_last_part_before_the_body_whatever_others_there_are(bool headers, bool traced)
    {
        using Activity? activity = traced ? new Activity("sender").Start() : null;
        long before = Stopwatch.GetTimestamp();
        var output = new ArrayBufferWriter<byte>();
        FrameEncoder.Write(
            output,
            new FrameHeader(FrameKind.OneWay, FrameFlags.None, 1, 2, 0),
            headers ? new MessageHeaders([new("key", "value")]) : null,
            new TypedBody<MessageBody>(BuiltInSerializers.Body, MessageBody.Nil),
            chain: null,
            activity,
            stamp: true);
        ReadOnlySpan<byte> frame = output.WrittenSpan;

        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        Assert.InRange(SendingTime.Read(frame, header, bodyOffset), before, Stopwatch.GetTimestamp());
        Assert.Equal(0xC0, frame[bodyOffset]);
        Assert.Equal(headers ? "value" : null, FrameEncoder.ReadHeaders(frame, header, bodyOffset)?["key"]);
        Assert.Equal(activity?.TraceId ?? default, TraceContext.Read(frame, header, bodyOffset, null).TraceId);
    }

    [Fact]
    public void A_frame_without_one_says_nothing_and_one_that_has_no_room_for_it_is_refused()
    {
        byte[] frame = new byte[FrameHeader.Size + 8];
        new FrameHeader(FrameKind.OneWay, FrameFlags.Sent, 1, 2, 0).Write(frame, FrameHeader.Size + 7);
        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        Assert.Throws<MessageFormatException>(() => SendingTime.Read(frame, header, bodyOffset));
        Assert.Equal(0, SendingTime.Read(frame, header with { Flags = FrameFlags.None }, bodyOffset));
    }
}
