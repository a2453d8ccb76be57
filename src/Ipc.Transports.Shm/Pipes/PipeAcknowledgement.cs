using System.Buffers.Binary;

namespace Ipc.Transports.Pipes;

/// <summary>What the reader of a pipe lane tells its writer. Each number counts from the lane's beginning, so that the newest says it all.</summary>
/// <param name="TakenFrames">Frames that the receiver has taken, in order.</param>
/// <param name="TakenBytes">Their bytes, length prefixes included.</param>
/// <param name="FinishedFrames">Frames that are finished, in any order.</param>
internal readonly record struct PipeAcknowledgement(long TakenFrames, long TakenBytes, long FinishedFrames)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 24;

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, TakenFrames);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], TakenBytes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], FinishedFrames);
    }

    /// <summary>Reads it; the numbers may be anything.</summary>
    public static PipeAcknowledgement Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64LittleEndian(source),
        BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[16..]));
}
