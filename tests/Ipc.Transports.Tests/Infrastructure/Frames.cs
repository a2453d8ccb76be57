using System.Buffers;
using System.Buffers.Binary;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Makes, sends and checks frames.</summary>
public static class Frames
{
    /// <summary>How long a test waits for what must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A frame of <paramref name="size"/> bytes, filled with a pattern that depends on the number.</summary>
    public static byte[] Numbered(long number, int size, FrameKind kind = FrameKind.OneWay)
    {
        byte[] bytes = new byte[Math.Max(size, FrameHeader.Size)];
        for (int i = FrameHeader.Size; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((number * 31) + i);
        }

        new FrameHeader(kind, FrameFlags.None, 7, number, 0).Write(bytes, FrameHeader.Size);
        return bytes;
    }

    /// <summary>The number of a frame.</summary>
    public static long NumberOf(ReadOnlySpan<byte> frame) =>
        FrameHeader.TryRead(frame, out FrameHeader header, out _) ? header.Correlation : throw new InvalidOperationException("Not a frame.");

    /// <summary>Sends a frame.</summary>
    public static ValueTask<long> SendAsync(this OutboundLane lane, byte[] frame, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            lane.BeginFrame().Write(frame);
        }
        catch (IpcException error) when (error.Reason == IpcError.MessageTooLarge)
        {
            lane.AbortFrame();
            throw;
        }

        return lane.CommitFrameAsync(timeout ?? Patience, cancellationToken);
    }
}
