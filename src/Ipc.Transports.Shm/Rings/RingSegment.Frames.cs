namespace Ipc.Transports.Rings;

/// <content>The segments of large frames: they live as long as the ring, or until its writer returns them.</content>
internal sealed partial class RingSegment
{
    private readonly SortedDictionary<uint, FrameSegment> _frames = [];
    private uint _lastFrame;

    /// <summary>Those that exist, in the order of their numbers.</summary>
    public IReadOnlyCollection<FrameSegment> FrameSegments => _frames.Values;

    /// <summary>What they take, for the cap.</summary>
    public long FrameBytes => _frames.Values.Sum(static segment => (long)segment.Length);

    /// <summary>Whether the writer may have another one of this size, besides those that it has.</summary>
    public bool MayHaveFrame(int length, int maxMessageSize) =>
        FrameSegmentLayout.IsLegal(length)
        && length <= FrameSegmentLayout.SegmentLength(maxMessageSize)
        && _frames.Count < FrameSegmentLayout.MaxCount
        && (FrameBytes + length <= FrameSegmentLayout.MaxBytes || _frames.Values.Count(segment => segment.Length >= length) < 2);

    /// <summary>Makes another one; it is known to the reader before the writer hears of it.</summary>
    /// <exception cref="Memory.SharedMemoryException">There is none to be had.</exception>
    public FrameSegment CreateFrame(int length)
    {
        FrameSegment segment = FrameSegment.Create(_lastFrame + 1, length);
        _frames.Add(++_lastFrame, segment);
        Volatile.Write(ref Memory.Segments, _lastFrame); // before anybody is told: a record that refers to it may overtake the news
        return segment;
    }

    /// <summary>Lets one go.</summary>
    /// <returns>Its size; 0 when there is no such segment.</returns>
    public int RemoveFrame(uint id)
    {
        if (!_frames.Remove(id, out FrameSegment? segment))
        {
            return 0;
        }

        segment.Dispose();
        return segment.Length;
    }

    /// <summary>Whether a frame of this length can be in a segment.</summary>
    internal bool HasFrame(uint id, uint length) =>
        _frames.TryGetValue(id, out FrameSegment? segment) && length >= FrameHeader.Size && length <= (uint)segment.Capacity;

    /// <summary>Between two readers: gives back what the dead one had begun and nobody refers to any more.</summary>
    internal void ReclaimFrames(IReadOnlySet<uint> referred)
    {
        foreach (FrameSegment segment in _frames.Values)
        {
            if (!referred.Contains(segment.Id))
            {
                Volatile.Write(ref segment.Freed, Volatile.Read(ref segment.Taken)); // release, for the writer
            }
        }
    }

    private void DisposeFrames()
    {
        foreach (FrameSegment segment in _frames.Values)
        {
            segment.Dispose();
        }

        _frames.Clear();
    }
}
