namespace Ipc.Streams;

/// <summary>The bounds of streams that both ends know. Part of the wire format.</summary>
internal static class StreamLimits
{
    /// <summary>The smallest window, and what a listener may write before its reader has granted anything: the reader does not know before which incarnation it will be.</summary>
    public const int MinWindow = 16 << 10;

    /// <summary>The largest window.</summary>
    public const int MaxWindow = 16 << 20;

    /// <summary>The most bytes in one frame, where <c>Ipc:MaxMessageSize</c> allows as many: a record of an answer ring takes at most half of its 64 KiB.</summary>
    public const int MaxPiece = 16 << 10;
}
