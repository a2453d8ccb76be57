using System.Diagnostics;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Telemetry;

/// <summary>W3C trace context in a frame: trace id (16 bytes), span id (8), trace flags (1), right behind the fixed header.</summary>
internal static class TraceContext
{
    /// <summary>How many bytes it takes.</summary>
    public const int Size = 25;

    private const int SpanId = 16;
    private const int Flags = 24;

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public static void Write(Span<byte> destination, Activity activity)
    {
        activity.TraceId.CopyTo(destination[..SpanId]);
        activity.SpanId.CopyTo(destination[SpanId..Flags]);
        destination[Flags] = (byte)activity.ActivityTraceFlags;
    }

    /// <summary>Reads it from bytes that may be anything.</summary>
    /// <returns>What the sender was doing; <see langword="default"/> when the frame does not say, or what it says is no context.</returns>
    /// <exception cref="MessageFormatException">The frame has no room for what its flags promise.</exception>
    public static ActivityContext Read(ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset, string? traceState)
    {
        if ((header.Flags & FrameFlags.Trace) == 0)
        {
            return default;
        }

        if (bodyOffset < FrameHeader.Size + Size)
        {
            throw new MessageFormatException("The frame's trace context lies outside of the frame's header.");
        }

        ReadOnlySpan<byte> part = frame.Slice(FrameHeader.Size, Size);
        return part[..SpanId].ContainsAnyExcept((byte)0) && part[SpanId..Flags].ContainsAnyExcept((byte)0)
            ? new ActivityContext(
                ActivityTraceId.CreateFromBytes(part[..SpanId]),
                ActivitySpanId.CreateFromBytes(part[SpanId..Flags]),
                (ActivityTraceFlags)part[Flags] & ActivityTraceFlags.Recorded,
                traceState,
                isRemote: true)
            : default;
    }
}
