using System.Buffers;

namespace Ipc.Transports.Rings;

/// <content>What the listener's thread and the one that takes the reading over from it do with the frame between them.</content>
internal sealed unsafe partial class RingReader
{
    /// <inheritdoc/>
    public override bool HandsOver => _delivering is { CanBeRelieved: true };

    /// <inheritdoc/>
    public override void EnterUserCode()
    {
        // The gate is for code on the reader's own stack; elsewhere there is nothing to hand over.
        ReaderThread? thread = _delivering;
        if (thread is { CanBeRelieved: true, IsInUserCode: false } && thread.ManagedId == Environment.CurrentManagedThreadId)
        {
            _loop.EnterUserCode(thread);
        }
    }

    /// <summary>The thread that has taken the reading over settles the frame that is running on another one, then goes on behind it.</summary>
    internal void Relieve(ReaderThread late)
    {
        LaneLease? standIn = late.IsTaken ? null : StandIn(late.Next, late.Length);
        _delivering = null;
        if (late.IsBorrowed)
        {
            LeaveBytes(late);
        }

        if (_inheriting != NotInherited)
        {
            FinishInherited(isTaken: true);
            _inheriting = NotInherited;
        }
        else
        {
            Advance(late.Next);
            _assembly = null; // the late thread gives the buffer back
            _assembled = 0;
            FinishAssembly();
        }

        EndUse(); // unless it was borrowed, the late thread reads the frame no more: its listener has begun
        late.Relieve(standIn);
    }

    /// <inheritdoc/>
    public override bool TryBorrow()
    {
        // A frame in pieces is in an array, which moves.
        ReaderThread? thread = _delivering;
        if (_assembly is null && thread is { CanBeRelieved: true, IsInUserCode: false, IsTaken: false } && thread.ManagedId == Environment.CurrentManagedThreadId)
        {
            thread.IsBorrowed = true;
            return true;
        }

        return false;
    }

    /// <summary>The late thread has spans of the frame, nobody knows how many: its memory is given back when that thread has left the listener.</summary>
    /// <remarks>One that a predecessor left in the arena is kept by its entry, which the stand-in has.</remarks>
    private void LeaveBytes(ReaderThread late)
    {
        late.Pin = null;
        late.Use = null;
        if (_use is { } use)
        {
            if (!use.IsKept)
            {
                late.Use = use;
                _use = null;
            }
        }
        else if (_inheriting == NotInherited)
        {
            _pins ??= new RingPins();
            _pins.Add(_position);
            _ring.AddUser();
            late.Pin = _position;
        }
    }

    /// <summary>The late thread has left the listener: what stayed for it is given back. The lane may be gone already.</summary>
    private void EndBorrow(ReaderThread thread)
    {
        thread.WaitForRelief();
        if (thread.Use is { } use)
        {
            _loop.Pass(KillPoint.BeforeSegmentFreed);
            use.Free();
        }
        else if (thread.Pin is { } pin)
        {
            _pins!.Remove(pin);
            _ring.RemoveUser();
            Volatile.Write(ref _isUnpinned, true); // after the pin has gone; only who reads the lane moves its tail
            _loop.WakeSelf();
        }
    }

    /// <inheritdoc/>
    protected override FrameLease Take(long token, ReadOnlySpan<byte> bytes, bool keepBytes)
    {
        int here = Environment.CurrentManagedThreadId;
        ReaderThread? thread = _delivering;
        if (thread is null || thread.ManagedId != here)
        {
            thread = ReaderThread.Current; // late: another thread delivers this lane's frames by now
        }

        if (thread is null || thread.Lane != this || thread.Next != (ulong)token || thread.IsTaken)
        {
            throw new InvalidOperationException("A frame can be taken once, during the call that delivers it, on the thread of that call.");
        }

        // Taken only when this thread has left user code: a thread that takes over until then sees a frame that needs a stand-in.
        if (thread.IsInUserCode && !_loop.TryLeaveUserCode(thread))
        {
            FrameLease standIn = thread.TakeStandIn() ?? throw new InvalidOperationException("The frame was taken before."); // only then has the other thread looked at IsTaken
            thread.IsTaken = true;
            thread.IsLate = true; // Deliver must not move the lane on either
            return standIn;
        }

        thread.IsTaken = true;
        return Lease((ulong)token, bytes, keepBytes);
    }

    /// <summary>The reading was taken over while the listener ran: only what belongs to this thread is touched.</summary>
    private void EndLate(ReaderThread thread, byte[]? assembled, Exception? failure)
    {
        if (!thread.IsTaken)
        {
            thread.TakeStandIn()?.Dispose(); // the listener has returned: the frame is finished
        }

        if (thread.IsBorrowed)
        {
            EndBorrow(thread);
        }

        if (assembled is not null)
        {
            ArrayPool<byte>.Shared.Return(assembled);
        }

        if (failure is not null)
        {
            _loop.Observer.ReceiverFailed(this, failure);
        }
    }
}
