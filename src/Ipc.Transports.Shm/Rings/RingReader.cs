using System.Buffers;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings;

/// <summary>The reading end of a ring, attached to a <see cref="RingReaderLoop"/>. Made by <see cref="RingReaderLoop.Attach"/>.</summary>
/// <remarks>
/// Crash accounting, one store each (a kill needs program order only): <c>started</c> moves past a frame before it is decoded, <c>done</c> when it is finished or
/// in the ledger, <c>tail</c> follows <c>done</c> in batches. Nothing else frees space.
/// </remarks>
internal sealed unsafe partial class RingReader : InboundLane
{
    private readonly RingReaderLoop _loop;
    private readonly RingMemory _ring;
    private readonly DoorbellSegment _writerDoorbell;
    private readonly int _capacity;
    private readonly byte* _data;
    private ulong _position;
    private ulong _head;
    private ulong _tail;
    private ulong _lastRung;
    private bool _isHeld;
    private int _resumes;
    private string? _fault;
    private ReaderThread? _delivering;
    private RingPins? _pins;
    private bool _isUnpinned;

    internal RingReader(RingReaderLoop loop, RingMemory ring, PeerId remote, LaneKind kind, DoorbellSegment writerDoorbell)
    {
        _loop = loop;
        _ring = ring;
        _capacity = ring.Capacity;
        _data = ring.Data;
        _writerDoorbell = writerDoorbell;
        Remote = remote;
        Kind = kind;
        RingId = ring.RingId;
        writerDoorbell.AddUser();
        _segments = new FrameSegmentTable(ring, writerDoorbell);

        // What the predecessor had started is settled by the post-mortem; we go on behind it.
        _position = Volatile.Read(ref ring.Done);
        _tail = Volatile.Read(ref ring.Tail);
        _head = _position;
        if (!ring.CursorsAreAligned || _tail > _position || _position - _tail > (ulong)_capacity || ring.Started > Math.Max(_position, Volatile.Read(ref ring.Head)))
        {
            _fault = $"its cursors (tail {_tail}, done {_position}, started {ring.Started}) do not fit together";
        }

        _isSkipping = ring.Assembly != AssemblyNone;
        _store = kind == LaneKind.Inbox ? loop.Store : loop.AnswerStore;
        _inherited = _store is LedgerStore ledger ? ledger.FindInherited(RingId) : [];
    }

    /// <inheritdoc/>
    public override PeerId Remote { get; }

    /// <inheritdoc/>
    public override LaneKind Kind { get; }

    /// <summary>The number by which ledger and broker know the ring.</summary>
    public long RingId { get; }

    /// <summary>Everything before it is finished or taken.</summary>
    public long Position => (long)Volatile.Read(ref _position);

    /// <summary>Why the lane was dropped.</summary>
    internal string? FaultReason => _fault;

    /// <summary>Whether a turn would find something to do. Loads only.</summary>
    internal bool IsReady =>
        Volatile.Read(ref _fault) is not null
        || Volatile.Read(ref _isUnpinned)
        || (!Volatile.Read(ref _isHeld)
            && !Volatile.Read(ref _waitsForStore)
            && !_segments.Waits
            && (_nextInherited != _inherited.Count || HasNews()));

    /// <summary>Up to where records are published now.</summary>
    internal long PublishedEnd => (long)Volatile.Read(ref _ring.Head);

    /// <summary>Whether the writer's process sleeps until there is room.</summary>
    internal bool WriterWaits => Volatile.Read(ref _ring.WriterParked) != 0;

    /// <summary>Whether there is a frame behind the one that is being delivered.</summary>
    internal bool HasMoreThan(ulong next) => Volatile.Read(ref _ring.Head) != next || Volatile.Read(ref _isUnpinned);

    /// <inheritdoc/>
    public override void Resume()
    {
        Interlocked.Increment(ref _resumes); // before the flag: a receiver that is just about to return Held is asked again
        Volatile.Write(ref _isHeld, false);
        _loop.WakeSelf();
    }

    /// <inheritdoc/>
    public override void Fault(string reason)
    {
        Interlocked.CompareExchange(ref _fault, reason, null);
        _loop.WakeSelf();
    }

    /// <summary>Reads for one turn.</summary>
    /// <param name="thread">The calling thread, which has the lane's reading role.</param>
    /// <param name="maxFrames">How many frames at most, so that other lanes get their turn.</param>
    internal DrainResult Drain(ReaderThread thread, int maxFrames)
    {
        ulong byteLimit = _position + MaxBytesPerTurn;
        _largeBytes = 0;
        while (true)
        {
            if (_fault is not null)
            {
                return DrainResult.Faulted;
            }

            if (Volatile.Read(ref _isUnpinned))
            {
                Volatile.Write(ref _isUnpinned, false); // before the look at the pins: what is unpinned after it says so again
                PublishTail();
            }

            if (_isHeld || Volatile.Read(ref _waitsForStore) || _segments.Waits)
            {
                return DrainResult.Held;
            }

            if (_nextInherited != _inherited.Count)
            {
                DrainResult inherited = DeliverInherited(thread);
                if (inherited != DrainResult.More)
                {
                    return inherited;
                }

                continue;
            }

            if (_position == _head)
            {
                DrainResult refreshed = Refresh();
                if (refreshed != DrainResult.More)
                {
                    return refreshed;
                }
            }

            if (maxFrames-- == 0 || _position + _largeBytes > byteLimit)
            {
                return DrainResult.More;
            }

            DrainResult result = ReadRecord(thread);
            if (result != DrainResult.More)
            {
                return result;
            }
        }
    }

    /// <summary>Gives the lane's memory back; called when no thread reads it any more.</summary>
    internal void Release()
    {
        DropAssembly();
        _segments.Dispose();
        _writerDoorbell.RemoveUser();
        _ring.Dispose();
    }

    /// <inheritdoc/>
    protected override void MarkStarted(long token, bool redeliver)
    {
        if (_delivering is { IsTaken: false, IsInUserCode: false } thread && thread.Next == (ulong)token && thread.ManagedId == Environment.CurrentManagedThreadId)
        {
            if (_inheriting != NotInherited)
            {
                ((LedgerStore)_store).MarkStarted(_inheriting, redeliver);
                return;
            }

            if (redeliver)
            {
                Volatile.Write(ref _ring.Redeliver, (ulong)token); // before started, which makes it count
                _loop.Pass(KillPoint.RedeliverStored);
            }

            Volatile.Write(ref _ring.Started, (ulong)token); // read by nobody but a post-mortem
            _loop.Pass(KillPoint.Started);
        }
    }

    /// <summary>Whether <see cref="Refresh"/> would find something. Loads only.</summary>
    private bool HasNews()
    {
        bool isMore = Volatile.Read(ref _ring.Head) != _position;
        return (RingState)Volatile.Read(ref _ring.State) switch
        {
            RingState.Open => isMore,
            RingState.Closing => false, // the supervisor rings when it is done
            _ => _ring.FinalHead != _position // what was published behind it is nobody's
                || OpenLeases == 0
                || !Volatile.Read(ref _waitsForLeases), // the end of the last lease wakes only who has said so, in IsFinished
        };
    }

    /// <summary>Looks how far the writer has published.</summary>
    private DrainResult Refresh()
    {
        bool isClosed = false;
        ulong head = Volatile.Read(ref _ring.Head); // acquire: pairs with the writer's release; the records before it are visible
        _loop.Pass(KillPoint.LookedForMore);
        switch ((RingState)Volatile.Read(ref _ring.State))
        {
            case RingState.Open:
                break; // looked at after the head: what is before the head was accepted
            case RingState.Closing:
                return DrainResult.Idle; // the supervisor is between two stores, and rings when it is done
            default:
                // The final head is stored before the state. Another look at the head is no help: an earlier one can miss accepted frames, a later one sees refused ones.
                head = _ring.FinalHead;
                isClosed = true;
                break;
        }

        if (head < _position || head - _tail > (ulong)_capacity || head % RingLayout.RecordAlignment != 0)
        {
            return Garbage($"the head {head} does not fit (read up to {_position}, free from {_tail}, {_capacity} bytes)");
        }

        _head = head;
        if (head != _position)
        {
            return DrainResult.More;
        }

        if (_tail != _position)
        {
            PublishTail();
        }

        return isClosed && IsFinished() ? DrainResult.Drained : DrainResult.Idle;
    }

    private DrainResult ReadRecord(ReaderThread thread)
    {
        uint offset = (uint)_position & (uint)(_capacity - 1);

        // Once, into a local: the writer may change it under our eyes.
        ulong header = Volatile.Read(ref *(ulong*)(_data + offset));
        uint length = (uint)header;
        var kind = (RecordKind)(ushort)(header >> 32);
        var flags = (RecordFlags)(ushort)(header >> 48);
        long size = RingLayout.RecordSize(length);
        if ((ulong)size > _head - _position || offset + size > _capacity)
        {
            return Garbage($"a record at {_position} says that it has {length} bytes, more than were published or than there are before the end of the ring");
        }

        ulong next = _position + (ulong)size;
        switch (kind)
        {
            case RecordKind.Frame when flags == RecordFlags.Whole && _assembly is null:
                _isSkipping = false;
                return !CanOffer((int)length) ? DrainResult.Held : Deliver(thread, new ReadOnlySpan<byte>(_data + offset + RingLayout.RecordHeaderSize, (int)length), next);

            case RecordKind.Frame when (flags & ~RecordFlags.Whole) == 0 && flags != RecordFlags.Whole:
                return ReadPiece(thread, new ReadOnlySpan<byte>(_data + offset + RingLayout.RecordHeaderSize, (int)length), flags, next);

            case RecordKind.Segment when flags == 0 && length == FrameSegmentLayout.ReferenceSize && _assembly is null:
                _isSkipping = false;
                return ReadReference(thread, new ReadOnlySpan<byte>(_data + offset + RingLayout.RecordHeaderSize, (int)length), next);

            case RecordKind.Padding when flags == 0 && offset + size == _capacity:
                Advance(next);
                return DrainResult.More;

            case RecordKind.Abort when flags == 0 && length == 0:
                DropAssembly();
                _isSkipping = false;
                FinishAssembly(); // before done: its sender has been told, so a post-mortem in between has nothing to report
                Advance(next);
                return DrainResult.More;

            default:
                return Garbage($"a record at {_position} of kind {(ushort)kind}, flags {(ushort)flags} and {length} bytes makes no sense there");
        }
    }

    private DrainResult Deliver(ReaderThread thread, ReadOnlySpan<byte> bytes, ulong next, int deliveries = 0)
    {
        byte[]? assembled = _assembly;
        thread.Begin(this, next, bytes.Length);
        _delivering = thread;
        int resumes = Volatile.Read(ref _resumes);
        Exception? failure = null;
        FrameDisposition disposition = FrameDisposition.Consumed;
        try
        {
            disposition = _loop.Receiver.OnFrame(new InboundFrame(this, bytes, (long)next) { Deliveries = deliveries });
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (thread.CleanContext is { } clean)
        {
            // A listener that is not async leaves its AsyncLocals on the thread, and its SynchronizationContext, which is not a part of the other.
            ExecutionContext.Restore(clean);
            if (SynchronizationContext.Current is not null)
            {
                SynchronizationContext.SetSynchronizationContext(null);
            }
        }

        if (thread.IsLate || (thread.IsInUserCode && !_loop.TryLeaveUserCode(thread)))
        {
            EndLate(thread, assembled, failure);
            return DrainResult.RoleLost;
        }

        _delivering = null;
        if (failure is not null)
        {
            _loop.Observer.ReceiverFailed(this, failure);
        }
        else if (disposition == FrameDisposition.Held && !thread.IsTaken)
        {
            return Hold(resumes);
        }

        if (_inheriting != NotInherited)
        {
            FinishInherited(thread.IsTaken);
            EndUse();
            return DrainResult.More;
        }

        _loop.Pass(KillPoint.BeforeDone);
        Advance(next);
        if (assembled is not null)
        {
            DropAssembly();
            FinishAssembly();
        }

        EndUse();
        return DrainResult.More;
    }

    private DrainResult Hold(int resumes)
    {
        _use?.PutBack();
        _use = null;
        if (_tail != _position)
        {
            PublishTail();
        }

        Volatile.Write(ref _isHeld, true);
        Interlocked.MemoryBarrier(); // pairs with Resume's increment: it sees our flag, or we see its count
        if (Volatile.Read(ref _resumes) != resumes)
        {
            Volatile.Write(ref _isHeld, false);
            return DrainResult.More;
        }

        return DrainResult.Held;
    }

    private void Advance(ulong next)
    {
        _position = next;
        Volatile.Write(ref _ring.Done, next); // after everything that accounts for the frame; read by nobody but a post-mortem and the supervisor
        if (next - _tail >= (ulong)_capacity / 8)
        {
            PublishTail();
        }
    }

    /// <summary>Gives space back, and wakes the writer's process when a sender there waits for it.</summary>
    private void PublishTail()
    {
        ulong tail = _pins is { } pins ? pins.Limit(_position) : _position;
        if (tail == _tail)
        {
            return;
        }

        _tail = tail;
        Volatile.Write(ref _ring.Tail, tail); // release: our loads of the records come before it; pairs with the writer's acquiring load
        Interlocked.MemoryBarrier(); // pairs with the writer's fence between its store of parked and its last look at tail
        if (Volatile.Read(ref _ring.WriterParked) != 0)
        {
            _writerDoorbell.RingIfParked(_writerDoorbell.Parked, ref _lastRung);
        }
    }

    private DrainResult Garbage(string reason)
    {
        Interlocked.CompareExchange(ref _fault, $"The ring of {Remote} is broken: {reason}.", null);
        return DrainResult.Faulted;
    }
}
