namespace Ipc.Transports.Rings;

/// <summary>A reader's segments of one lane, by number: added and removed by the supervisor's news, looked up by the thread that reads, used by leases on any thread.</summary>
internal sealed class FrameSegmentTable(RingMemory ring, DoorbellSegment writerDoorbell)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, FrameSegment> _segments = [];
    private readonly HashSet<uint> _inUse = [];
    private uint _highest;
    private bool _waits;
    private bool _isGone;

    /// <summary>Whether the lane waits for a segment that is on its way.</summary>
    public bool Waits => Volatile.Read(ref _waits);

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _segments.Count;
            }
        }
    }

    /// <summary>The supervisor has given one.</summary>
    /// <param name="segment">From now on owned by the table.</param>
    /// <returns>Whether the lane was waiting.</returns>
    public bool Add(FrameSegment segment)
    {
        lock (_lock)
        {
            if (_isGone || segment.Id <= _highest)
            {
                segment.Dispose();
                return false;
            }

            _segments.Add(segment.Id, segment);
            _highest = segment.Id; // they come in order
            bool waited = _waits;
            Volatile.Write(ref _waits, false);
            return waited;
        }
    }

    /// <summary>The writer uses it no more. The memory stays as long as a frame in it does.</summary>
    public void Remove(uint id)
    {
        lock (_lock)
        {
            if (_segments.Remove(id, out FrameSegment? segment))
            {
                segment.Dispose();
            }
        }
    }

    /// <summary>Begins a use, or begins it again when its frame was not finished.</summary>
    /// <param name="id">The segment, as the writer says.</param>
    /// <param name="length">Length of the frame, as the writer says.</param>
    /// <param name="number">Number of the use, as the writer says.</param>
    /// <param name="use">The use.</param>
    /// <param name="error">What is wrong; nothing when the segment is only on its way, and the lane waits for it.</param>
    public bool TryBegin(uint id, uint length, ulong number, out FrameSegmentUse? use, out string? error)
    {
        use = null;
        error = null;
        lock (_lock)
        {
            if (!_segments.TryGetValue(id, out FrameSegment? segment))
            {
                // Written by the supervisor before it tells anybody: what is above was never given out, what is below the last one that came has been returned.
                if (id > _highest && id <= Volatile.Read(ref ring.Segments))
                {
                    Volatile.Write(ref _waits, true);
                    return false;
                }

                error = $"segment {id} does not exist";
                return false;
            }

            if (length < FrameHeader.Size || length > (uint)segment.Capacity)
            {
                error = $"a frame of {length} bytes does not fit segment {id} of {segment.Capacity} bytes";
                return false;
            }

            if (_inUse.Contains(id) || number != segment.Freed + 1)
            {
                error = $"use {number} of segment {id} cannot begin after use {segment.Freed}";
                return false;
            }

            segment.AddUser();
            Volatile.Write(ref segment.Taken, number); // before done, and read by nobody but a post-mortem
            _inUse.Add(id);
            use = new FrameSegmentUse(this, segment, (int)length, number);
            return true;
        }
    }

    /// <summary>A use is over, on any thread; the lane may be gone already.</summary>
    internal void End(FrameSegmentUse use, bool isFinished)
    {
        lock (_lock)
        {
            _inUse.Remove(use.Segment.Id);
            if (isFinished)
            {
                Volatile.Write(ref use.Segment.Freed, use.Number); // release: our loads of the frame come before it; pairs with the writer's acquiring load
                if (!_isGone)
                {
                    Interlocked.MemoryBarrier(); // pairs with the writer's fence between its store of parked and its last look at freed
                    if (Volatile.Read(ref ring.WriterParked) != 0)
                    {
                        WakeWriter();
                    }
                }
            }
        }

        use.Segment.RemoveUser();
    }

    /// <summary>The lane has ended, and its ring goes.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isGone = true;
            foreach (FrameSegment segment in _segments.Values)
            {
                segment.Dispose();
            }

            _segments.Clear();
        }
    }

    private unsafe void WakeWriter()
    {
        ulong none = 0; // this may be any thread: nobody remembers what was rung
        writerDoorbell.RingIfParked(writerDoorbell.Parked, ref none);
    }
}
