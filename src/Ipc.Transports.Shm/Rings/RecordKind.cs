namespace Ipc.Transports.Rings;

/// <summary>What a record of a ring is. The numbers are part of the ring's layout.</summary>
internal enum RecordKind : ushort
{
    /// <summary>Not a record.</summary>
    None = 0,

    /// <summary>A frame or a piece of one, see <see cref="RecordFlags"/>.</summary>
    Frame = 1,

    /// <summary>Nothing, up to the end of the ring.</summary>
    Padding = 2,

    /// <summary>The frame whose pieces came before is given up by its sender; drop them.</summary>
    Abort = 3,

    /// <summary>A frame that is in a segment of its own, see <see cref="FrameSegmentLayout"/>.</summary>
    Segment = 4,
}
