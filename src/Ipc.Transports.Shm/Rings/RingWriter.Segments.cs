using System.Collections.Concurrent;

namespace Ipc.Transports.Rings;

/// <content>Large frames: each in a segment of its own, to which a small record in the ring refers.</content>
internal sealed unsafe partial class RingWriter
{
    private readonly FrameSegmentPool _segments;
    private readonly ConcurrentQueue<FrameSegment?> _answers = new(); // to what was asked for; nothing is a refusal
    private readonly int _longestInRing;
    private int _lastLength;
    private int _wanted;
    private int _tickWanted;
    private Timer? _tick;

    /// <summary>Segments that this end has.</summary>
    internal int SegmentCount => _segments.Count;

    /// <summary>Whether a timer will make it look at its segments.</summary>
    internal bool HasTick => Volatile.Read(ref _tick) is not null;

    /// <summary>The supervisor has given memory for large frames. Does not wait for a thread that is serialising.</summary>
    /// <param name="segment">From now on owned by the writer.</param>
    public void AddSegment(FrameSegment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        _answers.Enqueue(segment);
        Flush();
    }

    /// <summary>The supervisor has no more: what finds no segment goes in pieces for a while.</summary>
    public void RefuseSegment()
    {
        _answers.Enqueue(null);
        Flush();
    }

    /// <summary>Publishes a frame that goes in one record: itself, or what refers to its segment.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="segment">Where it is already; nothing when it is in a buffer.</param>
    /// <param name="mayWait">Whether its sender would rather wait for a segment than have it in the ring.</param>
    private bool TryPublish_NeedsLock(ReadOnlySpan<byte> frame, PooledSegment? segment, bool mayWait)
    {
        if (frame.Length > _longestInRing && TryPublishReference_NeedsLock(frame, segment))
        {
            return true;
        }

        if (frame.Length > _longestInRing && (segment is not null || (mayWait && _segments.MayCome(frame.Length))))
        {
            return false;
        }

        if (!TryPublishRecord_NeedsLock(frame))
        {
            return false;
        }

        segment?.GiveBack();
        return true;
    }

    private bool TryPublishReference_NeedsLock(ReadOnlySpan<byte> frame, PooledSegment? segment)
    {
        bool isCopied = segment is null;
        segment ??= _segments.TryTake(frame.Length);
        if (segment is null)
        {
            Ask_NeedsLock(frame.Length);
            return false;
        }

        if (!TryMakeRoom_NeedsLock(RingLayout.RecordSize(FrameSegmentLayout.ReferenceSize)))
        {
            if (isCopied)
            {
                segment.GiveBack();
            }

            return false;
        }

        if (isCopied)
        {
            frame.CopyTo(new Span<byte>(segment.Segment.Data, segment.Capacity));
        }

        byte* record = _ring.Data + (_head & (uint)(_capacity - 1)) + RingLayout.RecordHeaderSize;
        *(uint*)(record + FrameSegmentLayout.ReferenceIdOffset) = segment.Segment.Id;
        *(int*)(record + FrameSegmentLayout.ReferenceLengthOffset) = frame.Length;
        *(ulong*)(record + FrameSegmentLayout.ReferenceUseOffset) = segment.Use();
        var header = new Span<byte>(record + FrameSegmentLayout.ReferenceHeaderOffset, FrameHeader.Size);
        header.Clear();
        frame[..Math.Min(frame.Length, header.Length)].CopyTo(header);
        _loop.Pass(KillPoint.SegmentFilled);
        PublishRecord_NeedsLock(FrameSegmentLayout.ReferenceSize, RecordKind.Segment, RecordFlags.None);
        ArmTick_NeedsLock();
        return true;
    }

    private void Ask_NeedsLock(int length)
    {
        Volatile.Write(ref _wanted, length);
        Return_NeedsLock(_segments.TakeSmallest(length));
        if (_segments.TryAsk(length))
        {
            _loop.Observer.SegmentWanted(this, FrameSegmentLayout.SegmentLength(length));
            ArmTick_NeedsLock();
        }
    }

    /// <summary>Whether a waiting frame is to be cut: no ring holds it, and no segment comes.</summary>
    private bool GoesInPieces_NeedsLock(WaitingFrame frame) =>
        frame.Sent != 0
        || (frame.Segment is null && RingLayout.RecordSize(frame.Length) > RingLayout.MaxRecord(_capacity) && !_segments.MayCome(frame.Length));

    /// <summary>For the loop's thread: a segment has come back, and for want of one the first waiting frame waits.</summary>
    private bool HasFreeSegment() => Volatile.Read(ref _wanted) is var length and not 0 && _segments.HasFree(length);

    /// <summary>Takes over what the supervisor has answered, and gives back what was not used for a while.</summary>
    private void AdoptSegments_NeedsLock()
    {
        while (_answers.TryDequeue(out FrameSegment? segment))
        {
            if (_hasEnded)
            {
                segment?.Dispose();
            }
            else if (segment is null)
            {
                _segments.Refuse();
                if (_segments.IsIdle)
                {
                    EndTick_NeedsLock(); // it was to end the wait for this answer
                }
            }
            else
            {
                _segments.Add(segment);
                ArmTick_NeedsLock();
            }
        }

        if (Interlocked.Exchange(ref _tickWanted, 0) != 0)
        {
            EndTick_NeedsLock();
            Return_NeedsLock(_segments.TakeUnused());
            ArmTick_NeedsLock();
        }
    }

    private void Return_NeedsLock(IReadOnlyList<FrameSegment> segments)
    {
        foreach (FrameSegment segment in segments)
        {
            _loop.Retire(segment); // the loop's thread may be looking at it just now
            _loop.Observer.SegmentReturned(this, segment.Id);
        }
    }

    /// <summary>One look at the segments after a while: an idle process has none, and no timer.</summary>
    private void ArmTick_NeedsLock()
    {
        if (_tick is null && !_hasEnded && !_segments.IsIdle)
        {
            _tick = new Timer(static state => ((RingWriter)state!).OnTick(), this, _loop.Options.SegmentTick, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTick()
    {
        Volatile.Write(ref _tickWanted, 1);
        Flush();
    }

    private void EndTick_NeedsLock()
    {
        _tick?.Dispose();
        _tick = null;
    }

    private void EndSegments_NeedsLock()
    {
        EndTick_NeedsLock();
        foreach (FrameSegment segment in _segments.TakeAll())
        {
            _loop.Retire(segment);
        }
    }
}
