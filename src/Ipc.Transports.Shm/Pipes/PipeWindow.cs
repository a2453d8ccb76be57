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

    /// <summary>What is asked of the kernel for its buffer.</summary>
    public const int SendBuffer = 1 << 20;
}
