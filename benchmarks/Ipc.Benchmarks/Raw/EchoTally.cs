using System.Buffers.Binary;

namespace Ipc.Benchmarks.Raw;

/// <summary>Counts frames in the process that echoes them.</summary>
internal sealed class EchoTally
{
    /// <summary>The number of the frame behind the last.</summary>
    public const long Stop = -1;

    /// <summary>How many came.</summary>
    public long Received { get; private set; }

    /// <summary>How many had another number than the next.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Reads the number with which every frame begins.</summary>
    public static long NumberOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt64LittleEndian(frame);

    /// <summary>Gives a frame its number.</summary>
    public static void SetNumber(Span<byte> frame, long number) => BinaryPrimitives.WriteInt64LittleEndian(frame, number);

    /// <summary>Counts a frame.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool IsLast(ReadOnlySpan<byte> frame, int size)
    {
        long number = NumberOf(frame);
        if (number == Stop)
        {
            return true;
        }

        if (number != Received || frame.Length != size)
        {
            OutOfOrder++;
        }

        Received++;
        return false;
    }
}
