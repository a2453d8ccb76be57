using System.Buffers;
using System.Diagnostics;

namespace Ipc.Transports.Rings.Tests;

/// <summary>Conditions with deadlines, and the usual way to send.</summary>
internal static class Wait
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task Until(Func<bool> condition, string what, Func<string>? state = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Deadline)
            {
                Assert.Fail($"Not within {Deadline.TotalSeconds} s: {what}. {state?.Invoke()}");
            }

            await Task.Delay(1);
        }
    }

    public static ValueTask<long> Send(this OutboundLane lane, ReadOnlySpan<byte> frame, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        lane.BeginFrame().Write(frame);
        return lane.CommitFrameAsync(timeout ?? Deadline, cancellationToken);
    }

    /// <summary>A frame with a legal header whose bytes depend on its number and length.</summary>
    public static byte[] Frame(int number, int length, FrameKind kind = FrameKind.OneWay, ulong action = 7)
    {
        byte[] frame = new byte[Math.Max(length, FrameHeader.Size)];
        for (int i = FrameHeader.Size; i < frame.Length; i++)
        {
            frame[i] = (byte)(number * 31 + i);
        }

        new FrameHeader(kind, FrameFlags.None, action, number, 0).Write(frame, FrameHeader.Size);
        return frame;
    }

    public static int NumberOf(ReadOnlySpan<byte> frame) => (int)BitConverter.ToInt64(frame[16..]);
}
