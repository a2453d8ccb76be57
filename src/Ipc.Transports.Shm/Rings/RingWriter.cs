using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>The writing end of a ring: one incarnation, any of its threads, one at a time.</summary>
/// <remarks>
/// A frame that fits is serialised in place and published by one store. One that does not fit now waits in a list, in order, without a thread: the reader sees the
/// writer's <c>parked</c> when it gives space back, rings this process's doorbell, and this process's loop calls <see cref="Flush"/>. A frame larger than half
/// of the ring goes in pieces, as room appears.
/// </remarks>
internal sealed unsafe class RingWriter : OutboundLane, IDisposable
{
    private static readonly TimeSpan PiecesGrace = TimeSpan.FromSeconds(5);

    // The supervisor is between two stores for nanoseconds. Whoever writes CLOSING and nothing after it must not stop this process.
    private static readonly TimeSpan ClosingGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly RingMemory _ring;
    private readonly RingReaderLoop _loop;
    private readonly RingFrameBuffer _frame;
    private readonly LinkedList<WaitingFrame> _waiting = new();
    private readonly int _capacity;
    private readonly int _maxMessageSize;
    private DoorbellSegment _doorbell;
    private DoorbellSegment? _successor;
    private ulong _head;
    private ulong _tail;
    private ulong _lastRung;
    private ulong _episode;
    private long _waitingBytes;
    private bool _isOpen;
    private bool _owesAbort;
    private bool _isRegistered;
    private bool _isDisposed;
    private bool _hasEnded;
    private int _flushWanted;
    private string? _broken;

    private RingWriter(RingMemory ring, PeerId remote, LaneKind kind, DoorbellSegment doorbell, RingReaderLoop loop)
    {
        _ring = ring;
        _loop = loop;
        _capacity = ring.Capacity;
        _maxMessageSize = ring.MaxMessageSize;
        _frame = new RingFrameBuffer(_maxMessageSize);
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
    /// <exception cref="SharedMemoryException">The descriptor is not what was agreed.</exception>
    public static RingWriter Open(SafeFileHandle ring, int length, PeerId remote, LaneKind kind, DoorbellSegment readerDoorbell, RingReaderLoop loop)
    {
        ArgumentNullException.ThrowIfNull(readerDoorbell);
        ArgumentNullException.ThrowIfNull(loop);
        using SharedSegment segment = SharedSegment.Open(ring, length);
        var writer = new RingWriter(RingMemory.Map(segment, RingRole.Writer), remote, kind, readerDoorbell, loop);
        if (writer._tail > writer._head || writer._head - writer._tail > (ulong)writer._capacity)
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
        if (_waiting.Count != 0 || _owesAbort)
        {
            _frame.Open(null, 0); // behind those who wait already
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

        int room = Math.Min(Math.Min(toEnd, free), maxRecord) - RingLayout.RecordHeaderSize;
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

        _frame.Close();
        _isOpen = false;
        ulong position = PublishRecord_NeedsLock(length, RecordFlags.Whole);
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

    /// <summary>Whether the reader has given space back, or the ring was closed, while frames wait. Called by this process's loop.</summary>
    internal bool HasNews() =>
        Volatile.Read(ref _ring.Tail) != Volatile.Read(ref _tail) // pairs with the reader's store of its tail
        || Volatile.Read(ref _ring.State) == (uint)RingState.Closed; // the supervisor rings after that store, not while it is closing

    /// <summary>Writes what waits, as far as there is room, or ends the lane. Does not wait for a thread that is serialising: that one does it then.</summary>
    internal void Flush()
    {
        Interlocked.Exchange(ref _flushWanted, 1); // full fence: either our TryEnter succeeds or the holder sees the wish after its Exit
        if (_lock.IsHeldByCurrentThread)
        {
            return; // from within a user's serialiser
        }

        while (Volatile.Read(ref _flushWanted) != 0 && _lock.TryEnter())
        {
            try
            {
                Flush_NeedsLock();
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    /// <summary>What a sender gets whose time is over.</summary>
    internal IpcException InboxFull(TimeSpan timeout) => new(
        IpcError.InboxFull,
        timeout == TimeSpan.Zero
            ? $"{LaneName()} is full ({_capacity} bytes) and the send was told not to wait."
            : $"{LaneName()} stayed full ({_capacity} bytes) for {timeout.TotalSeconds:0.###} s: its listeners are slower than its senders. See Ipc:RingSize and SendTimeout.");

    private string LaneName() => Kind == LaneKind.Inbox ? $"The inbox of {Remote}" : $"The answer lane to {Remote}";

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<long> CommitSlow(int length, TimeSpan timeout, CancellationToken cancellationToken)
    {
        WaitingFrame waiting;
        try
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Drop_NeedsLock();
                return ValueTask.FromCanceled<long>(cancellationToken);
            }

            if (length > _maxMessageSize)
            {
                Drop_NeedsLock();
                return Failed(new IpcException(
                    IpcError.MessageTooLarge,
                    $"The message for {Remote} has {length} bytes; Ipc:MaxMessageSize allows {_maxMessageSize}. Send it in parts or raise the limit."));
            }

            byte[] bytes = _frame.Close()!;
            _isOpen = false;
            bool isFirst = _waiting.Count == 0 && (!_owesAbort || TryWriteAbort_NeedsLock());
            if (isFirst && TryPublish_NeedsLock(bytes.AsSpan(0, length)))
            {
                ArrayPool<byte>.Shared.Return(bytes);
                ulong position = _head;
                return Notify_NeedsLock() ? Settle_NeedsLock(position) : new ValueTask<long>((long)position);
            }

            // A frame that no ring of this size can hold goes in pieces, also for a sender that does not want to wait: it begins in an empty ring only.
            bool needsPieces = RingLayout.RecordSize(length) > RingLayout.MaxRecord(_capacity);
            if (timeout == TimeSpan.Zero && needsPieces && isFirst && RefreshFree_NeedsLock() == _capacity)
            {
                timeout = PiecesGrace;
            }

            bool tooMuchWaits = _waiting.Count != 0 && _waitingBytes + length > _maxMessageSize;
            if (timeout == TimeSpan.Zero || tooMuchWaits)
            {
                ArrayPool<byte>.Shared.Return(bytes);
                return Failed(tooMuchWaits
                    ? new IpcException(IpcError.InboxFull, $"{LaneName()} is full and {_waitingBytes} bytes wait for it in this process already. Await the sends before.")
                    : InboxFull(timeout));
            }

            waiting = new WaitingFrame(this, bytes, length);
            _waiting.AddLast(waiting);
            _waitingBytes += length;
            Flush_NeedsLock();
        }
        finally
        {
            Exit();
        }

        waiting.Arm(timeout, cancellationToken);
        return new ValueTask<long>(waiting.Task);
    }

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
        if (_frame.Close() is { } spill)
        {
            ArrayPool<byte>.Shared.Return(spill);
        }
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
    private ulong PublishRecord_NeedsLock(int length, RecordFlags flags)
    {
        *(ulong*)(_ring.Data + (_head & (uint)(_capacity - 1))) = RingLayout.RecordHeader(length, RecordKind.Frame, flags);
        _head += (ulong)RingLayout.RecordSize(length);
        Volatile.Write(ref _ring.Head, _head); // release: publishes the record; pairs with the reader's acquiring load of head
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
    private bool TryPublish_NeedsLock(ReadOnlySpan<byte> frame)
    {
        long size = RingLayout.RecordSize(frame.Length);
        if (size > RingLayout.MaxRecord(_capacity) || !TryMakeRoom_NeedsLock(size))
        {
            return false;
        }

        frame.CopyTo(new Span<byte>(_ring.Data + (_head & (uint)(_capacity - 1)) + RingLayout.RecordHeaderSize, frame.Length));
        PublishRecord_NeedsLock(frame.Length, RecordFlags.Whole);
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
        }

        return true;
    }

    private bool TryWriteAbort_NeedsLock()
    {
        if (!TryMakeRoom_NeedsLock(RingLayout.RecordHeaderSize))
        {
            return false;
        }

        *(ulong*)(_ring.Data + (_head & (uint)(_capacity - 1))) = RingLayout.RecordHeader(0, RecordKind.Abort, RecordFlags.None);
        _head += RingLayout.RecordHeaderSize;
        Volatile.Write(ref _ring.Head, _head); // release, as for every record
        _owesAbort = false;
        return true;
    }

    private void Flush_NeedsLock()
    {
        Interlocked.Exchange(ref _flushWanted, 0); // full fence: a wish whose reason is not seen below is left standing
        DoorbellSegment? successor = Interlocked.Exchange(ref _successor, null);
        if (Volatile.Read(ref _isDisposed))
        {
            successor?.RemoveUser();
            End_NeedsLock();
            return;
        }

        if (successor is not null)
        {
            _doorbell.RemoveUser();
            _doorbell = successor;
            _lastRung = 0;
            Notify_NeedsLock(); // what was published meanwhile rang the predecessor's bell only
        }

        while (true)
        {
            RemoveGivenUp_NeedsLock();
            if (_broken is not null || Volatile.Read(ref _ring.State) == (uint)RingState.Closed)
            {
                FailWaiting_NeedsLock();
            }

            while (_broken is null && (!_owesAbort || TryWriteAbort_NeedsLock()) && _waiting.First is { } first && TryWrite_NeedsLock(first.Value))
            {
            }

            if (_waiting.Count == 0 && !_owesAbort)
            {
                StopWaiting_NeedsLock();
                return;
            }

            // A new episode, then a last look: the reader stores its tail, fences, reads the episode; we do the same the other way round.
            Register_NeedsLock();
            ulong seen = _tail;
            _loop.Pass(KillPoint.WaitingForRoom);
            Volatile.Write(ref _ring.WriterParked, ++_episode);
            Interlocked.MemoryBarrier();
            RefreshFree_NeedsLock();
            if (_tail == seen && _broken is null && Volatile.Read(ref _ring.State) != (uint)RingState.Closed)
            {
                return;
            }
        }
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
        _doorbell.RemoveUser();
        _loop.Retire(_ring); // the loop's thread may be looking at the tail just now: it unmaps the ring itself
    }

    /// <summary>Writes the frame, or its next pieces.</summary>
    /// <returns>Whether it has left the list.</returns>
    private bool TryWrite_NeedsLock(WaitingFrame frame)
    {
        if (!frame.TryClaim())
        {
            return RemoveGivenUp_NeedsLock();
        }

        bool isWritten = RingLayout.RecordSize(frame.Length) <= RingLayout.MaxRecord(_capacity)
            ? TryPublish_NeedsLock(frame.Rest)
            : TryPublishPieces_NeedsLock(frame);
        if (!isWritten)
        {
            frame.Unclaim();
            return false;
        }

        ulong position = _head;
        bool mayBeLate = Notify_NeedsLock();
        Remove_NeedsLock(frame);
        if (mayBeLate && !IsAccepted_NeedsLock(position))
        {
            frame.Fail(Gone_NeedsLock());
        }
        else
        {
            frame.Complete((long)position);
        }

        return true;
    }

    private bool TryPublishPieces_NeedsLock(WaitingFrame frame)
    {
        int most = (_capacity / 4) - RingLayout.RecordHeaderSize;
        while (frame.Sent < frame.Length)
        {
            bool isFirst = frame.Sent == 0;
            int prefix = isFirst ? RingLayout.AssemblyPrefixSize : 0;
            int length = Math.Min(most, frame.Rest.Length + prefix);
            if (!TryMakeRoom_NeedsLock(RingLayout.RecordSize(length)))
            {
                return false;
            }

            byte* place = _ring.Data + (_head & (uint)(_capacity - 1)) + RingLayout.RecordHeaderSize;
            if (isFirst)
            {
                *(ulong*)place = (uint)frame.Length;
            }

            int taken = length - prefix;
            frame.Rest[..taken].CopyTo(new Span<byte>(place + prefix, taken));
            frame.Sent += taken;
            bool isLast = frame.Sent == frame.Length;
            PublishRecord_NeedsLock(length, (isFirst ? RecordFlags.First : RecordFlags.None) | (isLast ? RecordFlags.Last : RecordFlags.None));
            if (!isLast)
            {
                Notify_NeedsLock(); // so that the reader makes room while we go on
            }
        }

        return true;
    }

    private bool RemoveGivenUp_NeedsLock()
    {
        bool any = false;
        LinkedListNode<WaitingFrame>? node = _waiting.First;
        while (node is not null)
        {
            LinkedListNode<WaitingFrame>? next = node.Next;
            if (node.Value.IsGivenUp)
            {
                Remove_NeedsLock(node.Value);
                any = true;
            }

            node = next;
        }

        return any;
    }

    private void Remove_NeedsLock(WaitingFrame frame)
    {
        _waiting.Remove(frame);
        _waitingBytes -= frame.Length;
        _owesAbort |= frame.Sent != 0 && frame.Sent != frame.Length;
        frame.Recycle();
    }

    private void FailWaiting_NeedsLock()
    {
        while (_waiting.First is { } first)
        {
            if (first.Value.TryClaim())
            {
                first.Value.Fail(Gone_NeedsLock());
            }

            Remove_NeedsLock(first.Value);
        }

        _owesAbort = false;
    }

    private void Register_NeedsLock()
    {
        if (!_isRegistered)
        {
            _isRegistered = true;
            _loop.AddBlocked(this);
        }
    }

    private void StopWaiting_NeedsLock()
    {
        if (_isRegistered)
        {
            _isRegistered = false;
            Volatile.Write(ref _ring.WriterParked, 0);
            _loop.RemoveBlocked(this);
        }
    }

    private ValueTask<long> Settle_NeedsLock(ulong position) =>
        IsAccepted_NeedsLock(position) ? new ValueTask<long>((long)position) : Failed(Gone_NeedsLock());

    /// <summary>The ring is being closed: whether a position was published in time.</summary>
    private bool IsAccepted_NeedsLock(ulong position)
    {
        var spin = new SpinWait();
        long since = Stopwatch.GetTimestamp();
        while (true)
        {
            switch ((RingState)Volatile.Read(ref _ring.State)) // acquire: the final head is stored before CLOSED
            {
                case RingState.Closed:
                    return position <= _ring.FinalHead;

                case RingState.Closing when _broken is null && Stopwatch.GetElapsedTime(since) < ClosingGrace:
                    spin.SpinOnce(sleep1Threshold: -1);
                    break;

                case RingState.Closing:
                    Break_NeedsLock($"its closing has not come to an end within {ClosingGrace.TotalSeconds:0} s, and whether its last frame was accepted is not known");
                    return false;

                default:
                    return true;
            }
        }
    }

    private IpcException Gone_NeedsLock() => new(
        IpcError.PeerGone,
        _isDisposed ? $"{LaneName()} is closed: this process has ended the lane."
        : _broken is not null ? $"{LaneName()} is broken: {_broken}."
        : $"{LaneName()} is closed: its reader has ended for good.");

    private static ValueTask<long> Failed(IpcException error) => ValueTask.FromException<long>(error);
}
