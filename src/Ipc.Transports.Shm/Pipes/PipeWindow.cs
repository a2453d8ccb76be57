namespace Ipc.Transports.Pipes;

/// <summary>How much a pipe lane may hold that its reader has not taken.</summary>
/// <remarks>
/// Chosen so that a full window of small frames fits the kernel's buffer (212,992 bytes by default, each send costing some 800 of them): a sender then waits for the
/// window, where it can still give up, and not in the middle of a frame.
/// </remarks>
internal static class PipeWindow
{
    /// <summary>Frames.</summary>
    public const int Frames = 256;

    /// <summary>Bytes; one larger frame is admitted when nothing else is under way.</summary>
    public const int Bytes = 256 << 10;

    /// <summary>What is asked of the kernel for its buffer, on both ends.</summary>
    public const int SendBuffer = 1 << 20;

    /// <summary>After how many frames at the latest the writer looks for acknowledgements: a quarter of the window, so that they do not pile up in the kernel's buffer.</summary>
    public const int FramesPerLook = Frames / 4;

    /// <summary>
    /// How many finished frames the reader tells one by one, again after each <see cref="FramesPerLook"/>; beyond that it tells them in steps of this size, and when all
    /// are finished. The kernel's buffer holds some 500 acknowledgements that nobody has looked at: what does not fit when the reader ends counts as lost.
    /// </summary>
    public const int FinishedAtOnce = 32;
}
