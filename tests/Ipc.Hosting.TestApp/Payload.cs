using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ipc.Hosting.TestApp;

/// <summary>Bytes that are made while they are sent: no two pieces are alike, and none is kept.</summary>
internal static class Payload
{
    private const int PieceSize = 50_000;

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Make(long count, IncrementalHash? hash)
    {
        await Task.Yield();
        byte[] piece = new byte[PieceSize];
        new Random(7).NextBytes(piece);
        for (long left = count; left > 0; left -= PieceSize)
        {
            BinaryPrimitives.WriteInt64LittleEndian(piece, left);
            ReadOnlyMemory<byte> next = piece.AsMemory(0, (int)Math.Min(left, PieceSize));
            hash?.AppendData(next.Span);
            yield return next;
        }
    }

    /// <summary>The numbers from 1.</summary>
    public static async IAsyncEnumerable<int> Numbers(int to)
    {
        for (int i = 1; i <= to; i++)
        {
            if (i % 1_000 == 0)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }
}
