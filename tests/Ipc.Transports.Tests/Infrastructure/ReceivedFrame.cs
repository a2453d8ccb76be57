namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A frame as a test sees it.</summary>
/// <param name="Lane">Where it arrived.</param>
/// <param name="Bytes">A copy.</param>
public sealed record ReceivedFrame(InboundLane Lane, byte[] Bytes)
{
    /// <summary>The number that <see cref="Frames.Numbered"/> put into it.</summary>
    public long Number => Frames.NumberOf(Bytes);
}
