using System.Buffers;
using System.Diagnostics;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Telemetry;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>Trace context in a frame, as the wire format says.</summary>
public sealed class TraceContextTests
{
    private static readonly FrameHeader Plain = new(FrameKind.OneWay, FrameFlags.None, 1, 2, 0);

    [Fact]
    public void It_stands_behind_the_fixed_header_and_before_the_other_parts()
    {
        using Activity activity = Start();
        byte[] frame = Write(new MessageHeaders([new("key", "value")]), activity, CallChain.StartingWith(PeerId.Supervisor));

        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        Assert.Equal(FrameFlags.Trace | FrameFlags.Headers | FrameFlags.Chain, header.Flags);
        Assert.Equal($"{activity.TraceId}{activity.SpanId}01", Convert.ToHexStringLower(frame.AsSpan(FrameHeader.Size, 25)));
        ActivityContext read = TraceContext.Read(frame, header, bodyOffset, "state");
        Assert.Equal(new ActivityContext(activity.TraceId, activity.SpanId, ActivityTraceFlags.Recorded, "state", isRemote: true), read);
        Assert.Equal("value", FrameEncoder.ReadHeaders(frame, header, bodyOffset)!["key"]);
        Assert.NotNull(FrameEncoder.ReadChain(frame, header, bodyOffset));
        Assert.Equal(0xC0, frame[bodyOffset]);
    }

    [Fact]
    public void A_frame_that_nothing_traces_has_none_and_is_as_short_as_before()
    {
        byte[] frame = Write(null, null);
        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        Assert.Equal((FrameFlags.None, FrameHeader.Size), (header.Flags, bodyOffset));
        Assert.Equal(default, TraceContext.Read(frame, header, bodyOffset, null));
    }

    [Fact]
    public void What_is_no_context_counts_for_none_and_what_lies_outside_of_the_header_is_refused()
    {
        using Activity activity = Start();
        byte[] frame = Write(null, activity);
        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        Assert.Throws<MessageFormatException>(() => TraceContext.Read(frame, header, bodyOffset - 1, null));

        byte[] withoutTrace = [.. frame];
        withoutTrace.AsSpan(FrameHeader.Size, 16).Clear();
        byte[] withoutSpan = [.. frame];
        withoutSpan.AsSpan(FrameHeader.Size + 16, 8).Clear();
        Assert.Equal(default, TraceContext.Read(withoutTrace, header, bodyOffset, null));
        Assert.Equal(default, TraceContext.Read(withoutSpan, header, bodyOffset, null));
    }

    [Fact]
    public void What_a_trace_adds_to_the_headers_never_makes_a_message_too_large()
    {
        using Activity activity = Start();
        activity.TraceStateString = "vendor=1";
        string most = new('x', FrameEncoder.MaxHeadersSize - 16);

        byte[] frame = Write(new MessageHeaders([new("own", most)]), activity);

        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        Assert.Equal(["own"], FrameEncoder.ReadHeaders(frame, header, bodyOffset)!.Keys);
        Assert.NotEqual(default, TraceContext.Read(frame, header, bodyOffset, null));
    }

    private static Activity Start() => new Activity("sender") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

    private static byte[] Write(MessageHeaders? headers, Activity? activity, CallChain? chain = null)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameEncoder.Write(output, Plain, headers, new Nothing(), chain, activity);
        return output.WrittenSpan.ToArray();
    }

    private readonly struct Nothing : IFrameBody
    {
        public void Write(ref MessagePackWriter writer) => writer.WriteNil();
    }
}
