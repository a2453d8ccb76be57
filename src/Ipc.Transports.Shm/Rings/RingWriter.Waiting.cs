using System.Buffers;
using System.Runtime.CompilerServices;

namespace Ipc.Transports.Rings;

/// <content>Frames that have no room yet: they wait in a list, in order, and are written when this process's loop sees room.</content>
internal sealed unsafe partial class RingWriter
{
    /// <summary>How many messages of the largest size may wait for room in this process: calls that nobody awaits must not fill its memory.</summary>
    private const int MaxWaitingMessages = 4;

    private readonly LinkedList<WaitingFrame> _waiting = new();
    private ulong _episode;
    private long _waitingBytes;
    private bool _isRegistered;
    private int _flushWanted;

    /// <summary>Whether the reader has given space back, or the ring was closed, while frames wait. Called by this process's loop.</summary>
    internal bool HasNews() =>
        Volatile.Read(ref _flushWanted) == 0 // else a thread that is serialising does it when it gives the lock back, and looks at everything below then: nobody looks meanwhile
        && (Volatile.Read(ref _ring.Tail) != Volatile.Read(ref _tail) // pairs with the reader's store of its tail
            || HasFreeSegment()
            || Volatile.Read(ref _ring.State) == (uint)RingState.Closed); // the supervisor rings after that store, not while it is closing

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
            : $"{LaneName()} stayed full ({_capacity} bytes) for {timeout.TotalSeconds:0.###} s: "
                + (Kind == LaneKind.Inbox ? "its listeners are slower than its senders. See Ipc:RingSize and SendTimeout." : "its process does not read what it is answered."));

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

            byte[]? bytes = _frame.Close(out PooledSegment? segment);
            _isOpen = false;
            _lastLength = length;
            bool isFirst = _waiting.Count == 0 && (!_owesAbort || TryWriteAbort_NeedsLock());
            if (isFirst && TryPublish_NeedsLock(segment is null ? bytes.AsSpan(0, length) : segment.Frame(length), segment, mayWait: timeout != TimeSpan.Zero))
            {
                Return(bytes);
                ulong position = _head;
                return Notify_NeedsLock() ? Settle_NeedsLock(position) : new ValueTask<long>((long)position);
            }

            // A frame that no ring of this size can hold waits for a segment or goes in pieces, also for a sender that does not want to wait: only when nothing else is under way.
            bool needsMore = RingLayout.RecordSize(length) > RingLayout.MaxRecord(_capacity);
            if (timeout == TimeSpan.Zero && needsMore && isFirst && RefreshFree_NeedsLock() == _capacity && !_segments.AnyInUse)
            {
                timeout = PiecesGrace;
            }

            bool tooMuchWaits = _waiting.Count != 0 && _waitingBytes + length > MaxWaitingMessages * (long)_maxMessageSize;
            if (timeout == TimeSpan.Zero || tooMuchWaits)
            {
                Return(bytes);
                segment?.GiveBack();
                return Failed(tooMuchWaits
                    ? new IpcException(IpcError.InboxFull, $"{LaneName()} is full, and {_waitingBytes} bytes wait for room in this process already, with which the {length} of this message would exceed {MaxWaitingMessages} times Ipc:MaxMessageSize ({_maxMessageSize}). Await earlier sends, or raise it.")
                    : InboxFull(timeout));
            }

            waiting = new WaitingFrame(this, bytes, segment, length);
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

    private void Flush_NeedsLock()
    {
        Interlocked.Exchange(ref _flushWanted, 0); // full fence: a wish whose reason is not seen below is left standing
        DoorbellSegment? successor = Interlocked.Exchange(ref _successor, null);
        AdoptSegments_NeedsLock();
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

            Volatile.Write(ref _wanted, 0);
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
            if (Kind == LaneKind.Answer)
            {
                _doorbell.RingIfParked(_doorbell.Parked, ref _lastRung); // answers that nobody waits for do not ring, and may be what fills the lane
            }

            RefreshFree_NeedsLock();
            if (_tail == seen && !HasFreeSegment() && _broken is null && Volatile.Read(ref _ring.State) != (uint)RingState.Closed)
            {
                return;
            }
        }
    }

    /// <summary>Writes the frame, or its next pieces.</summary>
    /// <returns>Whether it has left the list.</returns>
    private bool TryWrite_NeedsLock(WaitingFrame frame)
    {
        if (!frame.TryClaim())
        {
            return RemoveGivenUp_NeedsLock();
        }

        bool isWritten = (frame.Sent == 0 && TryPublish_NeedsLock(frame.Rest, frame.Segment, mayWait: true))
            || (GoesInPieces_NeedsLock(frame) && TryPublishPieces_NeedsLock(frame));
        if (!isWritten)
        {
            frame.Unclaim();
            return false;
        }

        ulong position = _head;
        bool mayBeLate = Notify_NeedsLock();
        Remove_NeedsLock(frame);
        if (mayBeLate)
        {
            frame.EndWaiting();
            _ = frame.CompleteAsync(Settle_NeedsLock(position));
        }
        else
        {
            frame.Complete((long)position);
        }

        return true;
    }

    private static void Return(byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
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
}
