using System.Buffers.Binary;

namespace Ipc.Transports.Rings;

/// <summary>Where a large frame is, as its record says. Written by another process: each number is read once.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Length">Length of the frame.</param>
/// <param name="Use">Number of the use.</param>
internal readonly record struct FrameReference(uint Segment, uint Length, ulong Use)
{
    /// <summary>Reads it from a record of <see cref="FrameSegmentLayout.ReferenceSize"/> bytes.</summary>
    public static FrameReference Read(ReadOnlySpan<byte> record) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(record[FrameSegmentLayout.ReferenceIdOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(record[FrameSegmentLayout.ReferenceLengthOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[FrameSegmentLayout.ReferenceUseOffset..]));
}
