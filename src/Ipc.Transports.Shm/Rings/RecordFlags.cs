namespace Ipc.Transports.Rings;

/// <summary>Which piece of a frame a record holds: a whole frame is first and last at once. The numbers are part of the ring's layout.</summary>
[Flags]
internal enum RecordFlags : ushort
{
    /// <summary>A piece in the middle.</summary>
    None = 0,

    /// <summary>The first piece. When it is not the last too, the frame's whole length comes before its bytes.</summary>
    First = 1,

    /// <summary>The last piece.</summary>
    Last = 2,

    /// <summary>The frame in one record.</summary>
    Whole = First | Last,
}
