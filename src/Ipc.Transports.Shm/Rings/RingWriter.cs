using System.Buffers;
using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>The writing end of a ring: one incarnation, any of its threads, one at a time.</summary>
/// <remarks>
/// A frame that fits is serialised in place and published by one store. One that does not fit now waits in a list, in order, without a thread: the reader sees the
/// writer's <c>parked</c> when it gives space back, rings this process's doorbell, and this process's loop calls <see cref="Flush"/>. A large frame
/// is in a segment of its own, to which the ring refers, or goes in pieces, as room appears.
/// </remarks>
internal sealed unsafe partial class RingWriter : OutboundLane, IDisposable
{
    private readonly Lock _lock = new();
    private readonly RingMemory _ring;
    private readonly RingReaderLoop _loop;
    private readonly RingFrameBuffer _frame;
    private readonly int _capacity;
    private readonly int _maxMessageSize;
    private DoorbellSegment _doorbell;
    private DoorbellSegment? _successor;
    private ulong _head;
    private ulong _tail;
    private ulong _lastRung;
    private bool _isOpen;
    private bool _isDisposed;
    private bool _hasEnded;
    private string? _broken;

    private RingWriter(RingMemory ring, PeerId remote, LaneKind kind, DoorbellSegment doorbell, RingReaderLoop loop)
    {
        _ring = ring;
        _loop = loop;
        _capacity = ring.Capacity;
        _maxMessageSize = Math.Min(ring.MaxMessageSize, loop.Limits.MaxMessageSize); // the first page may be scribbled on
        _longestInRing = FrameSegmentLayout.LongestInRing(_capacity);
        _segments = new FrameSegmentPool(loop.Options.SegmentTick);
        _frame = new RingFrameBuffer(_maxMessageSize, _longestInRing, _segments);
        _doorbell = doorbell;
        _head = Volatile.Read(ref ring.Head);
        _tail = Volatile.Read(ref ring.Tail);
        Remote = remote;
        Kind = kind;
        RingId = ring.RingId;
        doorbell.AddUser();
    }

    /// <inheritdoc/>
    public override PeerId Remote { get; }

    /// <inheritdoc/>
    public override LaneKind Kind { get; }

    /// <inheritdoc/>
    public override LaneBacking Backing => LaneBacking.SharedMemory;

    /// <summary>The number by which ledger and broker know the ring.</summary>
    public long RingId { get; }

    /// <summary>Opens the writing end.</summary>
    /// <param name="ring">The ring's descriptor; from now on owned by the writer.</param>
    /// <param name="length">The announced size of the segment.</param>
    /// <param name="remote">Who reads.</param>
    /// <param name="kind">What the lane is for.</param>
    /// <param name="readerDoorbell">The reading process's doorbell; may be disposed by the caller later.</param>
    /// <param name="loop">This process's loop: it sees that there is room again.</param>
    /// <param name="ringId">The ring's number, as the supervisor has said it.</param>
    /// <exception cref="SharedMemoryException">The descriptor is not what was agreed.</exception>
    public static RingWriter Open(SafeFileHandle ring, int length, PeerId remote, LaneKind kind, DoorbellSegment readerDoorbell, RingReaderLoop loop, long? ringId = null)
    {
        ArgumentNullException.ThrowIfNull(readerDoorbell);
        ArgumentNullException.ThrowIfNull(loop);
        using SharedSegment segment = SharedSegment.Open(ring, length);
        var writer = new RingWriter(RingMemory.Map(segment, RingRole.Writer, ringId), remote, kind, readerDoorbell, loop);
        if (writer._tail > writer._head || writer._head - writer._tail > (ulong)writer._capacity || (writer._head | writer._tail) % RingLayout.RecordAlignment != 0)
        {
            writer.Dispose();
            throw new SharedMemoryException(
                SharedMemoryFailure.NotAsAgreed,
                $"A received ring is not used: its positions {writer._tail} and {writer._head} do not fit a ring of {writer._capacity} bytes.");
        }

        return writer;
    }

    /// <summary>
    /// The inbox has a new reading incarnation: rings its doorbell from now on. The ring goes on. Does not wait for a thread that is serialising: that one takes the
    /// doorbell over then, as does one that ends the lane.
    /// </summary>
    /// <param name="readerDoorbell">The successor's doorbell; may be disposed by the caller later.</param>
    public void SetReaderDoorbell(DoorbellSegment readerDoorbell)
    {
        ArgumentNullException.ThrowIfNull(readerDoorbell);
        readerDoorbell.AddUser();
        Interlocked.Exchange(ref _successor, readerDoorbell)?.RemoveUser();
        Flush();
    }

    /// <inheritdoc/>
    public override IBufferWriter<byte> BeginFrame()
    {
        if (_lock.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException(
                $"A message to {Remote} is being serialised on this thread already. A property or formatter of a message must not send to the same peer.");
        }

        _lock.Enter();
        if (Volatile.Read(ref _isDisposed) || _broken is not null || Volatile.Read(ref _ring.State) == (uint)RingState.Closed)
        {
            IpcException error = Gone_NeedsLock();
            Exit();
            throw error;
        }

        _isOpen = true;
        bool isFirst = _waiting.Count == 0 && !_owesAbort;
        if (!isFirst || _lastLength > _longestInRing)
        {
            _frame.Open(null, 0, _lastLength, mayTakeSegment: isFirst); // behind those who wait already, or probably in a segment like the last one
            return _frame;
        }

        int offset = (int)(_head & (uint)(_capacity - 1));
        int toEnd = _capacity - offset;
        int free = Free_NeedsLock();
        int maxRecord = RingLayout.MaxRecord(_capacity);
        if (free < maxRecord)
        {
            free = RefreshFree_NeedsLock();
        }

        int room = Math.Min(Math.Min(toEnd, free) - RingLayout.RecordHeaderSize, _longestInRing); // a longer one goes where it can wait
        _frame.Open(_ring.Data + offset + RingLayout.RecordHeaderSize, Math.Max(room, 0));
        return _frame;
    }

    /// <inheritdoc/>
    public override ValueTask<long> CommitFrameAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        RequireOpenFrame();
        int length = _frame.Length;
        if (length == 0)
        {
            AbortFrame();
            throw new InvalidOperationException("Nothing was written into the frame.");
        }

        if (!_frame.IsInPlace || length > _maxMessageSize || cancellationToken.IsCancellationRequested)
        {
            return CommitSlow(length, timeout, cancellationToken);
        }

        _frame.Close(out _);
        _isOpen = false;
        ulong position = PublishRecord_NeedsLock(length, RecordKind.Frame, RecordFlags.Whole);
        ValueTask<long> result = Notify_NeedsLock() ? Settle_NeedsLock(position) : new ValueTask<long>((long)position);
        Exit();
        return result;
    }

    /// <inheritdoc/>
    public override void AbortFrame()
    {
        RequireOpenFrame();
        Drop_NeedsLock();
        Exit();
    }

    /// <summary>
    /// Ends the lane on this side: who waits for room gets <see cref="IpcError.PeerGone"/>, as does every later send. Does not wait for a thread that is serialising: its
    /// frame is the last one, and then that thread ends the lane.
    /// </summary>
    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        Flush();
    }

    private string LaneName() => Kind == LaneKind.Inbox ? $"The inbox of {Remote}" : $"The answer lane to {Remote}";

    /// <summary>Gives the lock back; does what others wanted meanwhile.</summary>
    private void Exit()
    {
        _lock.Exit(); // a full fence: pairs with Flush
        if (Volatile.Read(ref _flushWanted) != 0)
        {
            Flush();
        }
    }

    private void RequireOpenFrame()
    {
        if (!_lock.IsHeldByCurrentThread || !_isOpen)
        {
            throw new InvalidOperationException($"This thread has no frame open on the lane to {Remote}: BeginFrame comes first, once, on the same thread.");
        }
    }

    private void Drop_NeedsLock()
    {
        _isOpen = false;
        if (_frame.Close(out PooledSegment? segment) is { } spill)
        {
            ArrayPool<byte>.Shared.Return(spill);
        }

        segment?.GiveBack();
    }

    private int Free_NeedsLock() => _capacity - (int)(_head - _tail);

    private int RefreshFree_NeedsLock()
    {
        ulong tail = Volatile.Read(ref _ring.Tail); // acquire: the reader is done with what is before it, so it may be overwritten
        if (tail < _tail || tail > _head)
        {
            Break_NeedsLock($"its reader says that it has read up to {tail}, which is not between {_tail} and {_head}");
            return 0;
        }

        Volatile.Write(ref _tail, tail); // own process: HasNews reads it without the lock
        return Free_NeedsLock();
    }

    private void Break_NeedsLock(string reason)
    {
        if (_broken is null)
        {
            _broken = reason;

            // Whoever is told ends the lane, which this thread, with its frame open, may not.
            ThreadPool.UnsafeQueueUserWorkItem(static writer => writer._loop.Observer.LaneBroken(writer, writer._broken!), this, preferLocal: false);
        }
    }

    /// <summary>Publishes a record whose bytes stand behind its header's place at the head.</summary>
    private ulong PublishRecord_NeedsLock(int length, RecordKind kind, RecordFlags flags)
    {
        *(ulong*)(_ring.Data + (_head & (uint)(_capacity - 1))) = RingLayout.RecordHeader(length, kind, flags);
        _head += (ulong)RingLayout.RecordSize(length);
        _loop.Pass(KillPoint.RecordWritten);
        Volatile.Write(ref _ring.Head, _head); // release: publishes the record; pairs with the reader's acquiring load of head
        _loop.Pass(KillPoint.HeadMoved);
        return _head;
    }

    /// <summary>After publishing: wakes the reader if it sleeps.</summary>
    /// <returns>Whether the ring is being closed: the position has to be compared with the final head.</returns>
    private bool Notify_NeedsLock()
    {
        Interlocked.MemoryBarrier(); // orders the store of head before the loads of parked and state; pairs with the fences of the parking reader and the closing supervisor
        _doorbell.RingIfParked(Kind == LaneKind.Answer ? _doorbell.ParkedAnswers : _doorbell.Parked, ref _lastRung);
        return Volatile.Read(ref _ring.State) != (uint)RingState.Open;
    }

    /// <summary>Writes a frame as one record if there is room.</summary>
    private bool TryPublishRecord_NeedsLock(ReadOnlySpan<byte> frame)
    {
        long size = RingLayout.RecordSize(frame.Length);
        if (size > RingLayout.MaxRecord(_capacity) || !TryMakeRoom_NeedsLock(size))
        {
            return false;
        }

        frame.CopyTo(new Span<byte>(_ring.Data + (_head & (uint)(_capacity - 1)) + RingLayout.RecordHeaderSize, frame.Length));
        PublishRecord_NeedsLock(frame.Length, RecordKind.Frame, RecordFlags.Whole);
        return true;
    }

    /// <summary>Makes sure that a record of this size fits in one piece at the head; writes padding if it has to begin at the ring's start.</summary>
    private bool TryMakeRoom_NeedsLock(long size)
    {
        int offset = (int)(_head & (uint)(_capacity - 1));
        int toEnd = _capacity - offset;
        long needed = toEnd >= size ? size : toEnd + size;
        if (Free_NeedsLock() < needed && RefreshFree_NeedsLock() < needed)
        {
            return false;
        }

        if (toEnd < size)
        {
            // Published together with the record behind it, or alone if that never comes: both are whole.
            *(ulong*)(_ring.Data + offset) = RingLayout.RecordHeader(toEnd - RingLayout.RecordHeaderSize, RecordKind.Padding, RecordFlags.None);
            _head += (ulong)toEnd;
            _loop.Pass(KillPoint.PaddingWritten);
        }

        return true;
    }

    private void End_NeedsLock()
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        FailWaiting_NeedsLock();
        StopWaiting_NeedsLock();
        EndSegments_NeedsLock();
        _doorbell.RemoveUser();
        _loop.Retire(_ring); // the loop's thread may be looking at the tail just now: it unmaps the ring itself
    }

    private IpcException Gone_NeedsLock() => new(
        IpcError.PeerGone,
        _isDisposed ? $"{LaneName()} is closed: this process has ended the lane."
        : _broken is not null ? $"{LaneName()} is broken: {_broken}."
        : $"{LaneName()} is closed: its reader has ended for good.");

    private static ValueTask<long> Failed(IpcException error) => ValueTask.FromException<long>(error);
}
