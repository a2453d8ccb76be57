namespace Ipc.Transports.Rings;

/// <content>Frames that leave the lane before they are finished, and those that a predecessor left waiting.</content>
internal sealed unsafe partial class RingReader
{
    private const int NotInherited = -1;

    private readonly LeaseStore _store;
    private readonly IReadOnlyList<int> _inherited;
    private int _nextInherited;
    private int _inheriting = NotInherited;
    private int _openLeases;
    private long _leasedBytes;
    private bool _waitsForStore;
    private bool _waitsForLeases;

    /// <summary>Frames of this lane that wait or run.</summary>
    internal int OpenLeases => Volatile.Read(ref _openLeases);

    /// <summary>Their kept bytes.</summary>
    internal long LeasedBytes => Volatile.Read(ref _leasedBytes);

    /// <summary>A lease was disposed, on any thread; the lane may be gone already.</summary>
    internal void OnReleased(int bytes)
    {
        Interlocked.Add(ref _leasedBytes, -bytes);
        Interlocked.Decrement(ref _openLeases); // full fence: pairs with WaitForStore and with the last look at the leases in IsFinished
        _loop.OnReleased();
        if (Volatile.Read(ref _waitsForLeases) && OpenLeases == 0)
        {
            _loop.WakeSelf();
        }
    }

    /// <summary>Something was freed: the lane may go on.</summary>
    internal bool EndWaitForStore()
    {
        bool waited = Volatile.Read(ref _waitsForStore);
        Volatile.Write(ref _waitsForStore, false);
        return waited;
    }

    /// <summary>
    /// A frame is offered only when the receiver could take it. Were the ledger full at the moment of death, what was running would have no entry.
    /// </summary>
    private bool CanOffer(int length)
    {
        if (_store.CanTake(this, length))
        {
            return true;
        }

        Volatile.Write(ref _waitsForStore, true);
        _loop.NoteWaitForStore();
        Interlocked.MemoryBarrier(); // pairs with OnReleased: it sees our wish, or we see what it has freed
        if (_store.CanTake(this, length))
        {
            Volatile.Write(ref _waitsForStore, false);
            return true;
        }

        if (_tail != _position)
        {
            PublishTail();
        }

        return false;
    }

    private LaneLease Lease(ulong position, ReadOnlySpan<byte> frame, bool keepBytes)
    {
        Interlocked.Increment(ref _openLeases);
        LaneLease? lease = null;
        try
        {
            if (_inheriting != NotInherited)
            {
                lease = ((LedgerStore)_store).Inherit(this, _inheriting, hasStarted: !keepBytes, _use);
                Interlocked.Add(ref _leasedBytes, lease.KeptBytes);
                return lease;
            }

            lease = _store.Take(this, position, frame, keepBytes, redeliver: !keepBytes && _ring.Redeliver == position, _use);
            Interlocked.Add(ref _leasedBytes, lease.KeptBytes);
        }
        finally
        {
            if (lease is null)
            {
                Interlocked.Decrement(ref _openLeases);
            }
        }

        // Before anybody can finish the frame: else a kill between the two would make a successor run it again.
        Volatile.Write(ref _ring.Done, position);
        _loop.Pass(KillPoint.Taken);
        return lease;
    }

    /// <summary>What stands for the frame that is running on a late thread.</summary>
    private LaneLease StandIn(ulong position, int length)
    {
        _loop.Pass(KillPoint.Relieving);

        // As it was delivered: the record's header, which its writer may have changed since, is not read again.
        ReadOnlySpan<byte> frame = _assembly is not null ? _assembly.AsSpan(0, length)
            : _inheriting != NotInherited ? default
            : _use is { } use ? use.Frame
            : new ReadOnlySpan<byte>(_data + (_position & (uint)(_capacity - 1)) + RingLayout.RecordHeaderSize, length);
        return Lease(position, frame, keepBytes: false);
    }

    private DrainResult DeliverInherited(ReaderThread thread)
    {
        int index = _inherited[_nextInherited];
        LedgerSegment ledger = ((LedgerStore)_store).Ledger;
        if (ledger.Segment(index) is var segment and not 0 && BeginUse(segment, ledger.SegmentLength(index), ledger.SegmentUse(index)) is { } unusable)
        {
            return unusable;
        }

        _inheriting = index;
        DrainResult result = Deliver(thread, _use is { } use ? use.Frame : ledger.Kept(index), ledger.Position(index), LedgerWord.Read(ledger.Word(index)).Deliveries);
        if (result == DrainResult.RoleLost)
        {
            return result; // the thread that took over has moved on already
        }

        _inheriting = NotInherited;
        return result;
    }

    private void FinishInherited(bool isTaken)
    {
        if (!isTaken)
        {
            ((LedgerStore)_store).Free(_inheriting);
            Interlocked.MemoryBarrier(); // pairs with a lane that notes that it waits for an entry
            _loop.OnReleased();
        }

        _nextInherited++;
    }

    /// <summary>The ring is closed and empty: whether nothing of it waits or runs either.</summary>
    private bool IsFinished()
    {
        if (OpenLeases == 0)
        {
            return true;
        }

        Volatile.Write(ref _waitsForLeases, true);
        Interlocked.MemoryBarrier(); // pairs with OnReleased
        return OpenLeases == 0;
    }
}
