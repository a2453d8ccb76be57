using System.Diagnostics;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings;

/// <content>Handing the reading over when a listener blocks its thread.</content>
internal sealed unsafe partial class RingReaderLoop
{
    private const long PhaseMask = 3;
    private const long PhaseReading = 0;
    private const long PhaseUserCode = 1;

    private ReaderThread? _reader;
    private long _phase; // count of user-code entries and hand-overs << 2 | phase; written by who reads, compared and exchanged by the standby
    private int _threads;
    private int _idleThreads;
    private int _standbyAsleep;
    private bool _hasStandby;
    private bool _armsStandby;
    private bool _hasEnded;
    private long _handOvers;

    /// <summary>The reader begins a listener's code.</summary>
    internal void EnterUserCode(ReaderThread thread)
    {
        long stamp = (((_phase >> 2) + 1) << 2) | PhaseUserCode;
        thread.EnterUserCode(stamp);
        if (_armsStandby)
        {
            ArmStandby(thread);
        }

        // Last: from here on the standby may take over, and everything above is the reader's.
        Volatile.Write(ref _phase, stamp); // publishes the thread's frame; pairs with the standby's load
    }

    /// <summary>Whether the standby may take over now, when the reader stays away for too long.</summary>
    internal bool CanBeTakenOver => (Volatile.Read(ref _phase) & PhaseMask) == PhaseUserCode;

    /// <summary>The listener's code has ended.</summary>
    /// <returns>Whether this thread still reads; otherwise another one has taken over.</returns>
    internal bool TryLeaveUserCode(ReaderThread thread)
    {
        thread.LeaveUserCode();
        if (Interlocked.CompareExchange(ref _phase, (thread.Stamp & ~PhaseMask) | PhaseReading, thread.Stamp) != thread.Stamp)
        {
            return false;
        }

        if (_armsStandby)
        {
            SetParked(0);
            SetParkedAnswers(0);
            _armsStandby = Volatile.Read(ref _standbyAsleep) != 0;
        }

        return true;
    }

    /// <summary>
    /// The standby sleeps. It need not watch before something arrives that it could rescue: the next arrival rings its bell, and what has arrived before wakes it now.
    /// </summary>
    private void ArmStandby(ReaderThread thread)
    {
        Pass(KillPoint.ArmingStandby);
        ulong episode = (_episode += 2) | 1;
        SetParked(episode);
        if (thread.HoldsAnswers)
        {
            SetParkedAnswers(episode);
        }

        Interlocked.MemoryBarrier(); // pairs with the ringers' fence after publishing, as in Park
        LetAnswersRing();
        if (HasMoreThan(thread))
        {
            DoorbellSegment.Ring(_doorbell.StandbyBell);
        }
    }

    private bool HasMoreThan(ReaderThread thread)
    {
        if (Volatile.Read(ref _commandCount) != 0 || HasRoom())
        {
            return true;
        }

        foreach (RingReader lane in Volatile.Read(ref _inboxes))
        {
            if (lane == thread.Lane ? lane.HasMoreThan(thread.Next) : lane.IsReady)
            {
                return true;
            }
        }

        foreach (RingReader lane in Volatile.Read(ref _answers))
        {
            if (lane == thread.Lane ? lane.HasMoreThan(thread.Next) : lane.IsReady)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Watches the reader until it is late.</summary>
    /// <returns>Whether this thread has taken over; otherwise the loop stops.</returns>
    private bool Watch(ReaderThread self)
    {
        long tick = (long)(Options.StandbyTick.TotalSeconds * Stopwatch.Frequency);
        long seen = 0;
        long seenAt = 0;
        while (!Volatile.Read(ref _hasEnded))
        {
            uint bell = Volatile.Read(ref *_doorbell.StandbyBell);
            bool stopping = Volatile.Read(ref _isStopping);
            if (!stopping && Volatile.Read(ref _isAsleep) != 0)
            {
                SleepAsStandby(bell);
                continue;
            }

            long phase = Volatile.Read(ref _phase);
            if ((phase & PhaseMask) != PhaseUserCode || (phase != seen && !stopping))
            {
                seen = phase;
                seenAt = Stopwatch.GetTimestamp();
            }
            else if ((stopping || Stopwatch.GetTimestamp() - seenAt >= tick) && TryTakeOver(self, phase))
            {
                return true;
            }

            Futex.Wait(_doorbell.StandbyBell, bell, Options.StandbyTick);
        }

        return false;
    }

    private void SleepAsStandby(uint bell)
    {
        Volatile.Write(ref _standbyAsleep, 1);
        Interlocked.MemoryBarrier(); // pairs with the fence at the end of Park: the reader sees that we sleep, or we see that it does not
        if (Volatile.Read(ref _isAsleep) != 0 && !Volatile.Read(ref _isStopping))
        {
            Futex.Wait(_doorbell.StandbyBell, bell, Timeout.InfiniteTimeSpan);
        }

        Volatile.Write(ref _standbyAsleep, 0);
    }

    private bool TryTakeOver(ReaderThread self, long phase)
    {
        ReaderThread late = Volatile.Read(ref _reader)!;
        if (Interlocked.CompareExchange(ref _phase, (((phase >> 2) + 1) << 2) | PhaseReading, phase) != phase)
        {
            return false; // it has returned just now
        }

        Pass(KillPoint.TakingOver);
        SetParked(0);
        SetParkedAnswers(0);
        bool holdsAnswers = late.HoldsAnswers;
        late.HoldsAnswers = false;
        Volatile.Write(ref _reader, self);
        _armsStandby = false;
        _handOvers++;
        late.Lane!.Relieve(late); // from here on the late thread may go on: it touches only what is its own
        lock (_sync)
        {
            Volatile.Write(ref _hasStandby, false);
            EngageStandby_NeedsLock();
        }

        if (holdsAnswers)
        {
            ExitAnswers();
        }

        return true;
    }

    /// <summary>Wakes an idle thread, or starts one, to be the standby; when there are too many already, there is none until one comes back.</summary>
    private void EngageStandby_NeedsLock()
    {
        if (_idleThreads != 0)
        {
            Monitor.Pulse(_sync);
        }
        else if (_threads <= Options.MaxStandbys)
        {
            Volatile.Write(ref _hasStandby, true);
            StartThread_NeedsLock(asStandby: true);
        }
    }

    private void StartThread_NeedsLock(bool asStandby)
    {
        _threads++;
        var self = new ReaderThread(canBeRelieved: true);
        if (!asStandby)
        {
            _reader = self;
        }

        Options.Threads.Run(() => Run(self, asStandby));
    }

    /// <summary>The life of a thread: reader or standby, in turn.</summary>
    private void Run(ReaderThread self, bool asStandby)
    {
        self.ManagedId = Environment.CurrentManagedThreadId;
        ReaderThread.Current = self;
        self.CleanContext = ExecutionContext.Capture();
        bool reads = !asStandby;
        while (true)
        {
            if (reads)
            {
                Read(self);
                if (Volatile.Read(ref _isStopping) || !WaitToStandBy())
                {
                    return;
                }
            }

            reads = Watch(self);
            if (!reads)
            {
                return;
            }
        }
    }

    /// <summary>For a thread that was late: waits until a standby is needed.</summary>
    private bool WaitToStandBy()
    {
        lock (_sync)
        {
            _idleThreads++;
            while (_hasStandby && !_isStopping)
            {
                Monitor.Wait(_sync);
            }

            _idleThreads--;
            if (_isStopping)
            {
                return false;
            }

            Volatile.Write(ref _hasStandby, true);
        }

        WakeSelf(); // inboxes are read again
        return true;
    }
}
