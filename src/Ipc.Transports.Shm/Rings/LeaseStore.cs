namespace Ipc.Transports.Rings;

/// <summary>Where frames go that leave their lane before they are finished; bounded, with a quota for each lane.</summary>
internal abstract class LeaseStore
{
    /// <summary>Whether a frame of this size could be taken now. Only frees happen between this and <see cref="Take"/>: one thread takes.</summary>
    /// <param name="lane">Whose frame; its counts decide about the quota.</param>
    /// <param name="length">Size of the frame.</param>
    public abstract bool CanTake(RingReader lane, int length);

    /// <summary>Takes a frame.</summary>
    /// <param name="lane">Whose frame.</param>
    /// <param name="position">Behind the frame.</param>
    /// <param name="frame">The frame, for its header and what is kept of it.</param>
    /// <param name="keepBytes">Whether it waits (with its bytes) or runs (without).</param>
    /// <param name="redeliver">Whether it runs and a successor is to run it again.</param>
    /// <param name="use">The segment that it is in: nothing is copied then; none when it is in the ring or in a buffer.</param>
    public abstract LaneLease Take(RingReader lane, ulong position, ReadOnlySpan<byte> frame, bool keepBytes, bool redeliver, FrameSegmentUse? use);
}
