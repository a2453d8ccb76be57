namespace Ipc.JsonLines;

/// <summary>What a reader of lines can find.</summary>
internal enum JsonLineKind
{
    /// <summary>Nothing comes any more.</summary>
    End = 0,

    /// <summary>A line.</summary>
    Line,

    /// <summary>A line that is longer than allowed; what is left of it is passed over.</summary>
    TooLong,
}
