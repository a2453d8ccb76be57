using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings;

/// <content>One round over all lanes, and sleeping when there is nothing.</content>
internal sealed unsafe partial class RingReaderLoop
{
    private readonly AdaptiveSpin _spinner;
    private ulong _episode;
    private ulong _parked; // what we have stored into the doorbell: others, who may write it although they must not, are not believed
    private ulong _parkedAnswers;
    private int _firstLane;
    private int _isAsleep;
    private long _parks;

    /// <summary>Reads until the loop stops or the role is lost. The caller has the reading role.</summary>
    private void Read(ReaderThread self)
    {
        while (!Volatile.Read(ref _isStopping))
        {
            switch (ReadRound(self))
            {
                case DrainResult.RoleLost:
                    return;
                case DrainResult.More:
                    continue;
                default:
                    if (!_spinner.TryWait(this, static loop => loop.HasAnything(withAnswers: true)))
                    {
                        Park();
                    }

                    continue;
            }
        }

        End();
    }

    /// <summary>Every lane's turn, once.</summary>
    /// <returns><see cref="DrainResult.More"/> when something was done, else <see cref="DrainResult.Idle"/>; or <see cref="DrainResult.RoleLost"/>.</returns>
    private DrainResult ReadRound(ReaderThread self)
    {
        bool any = false;
        if (Volatile.Read(ref _hasStandby))
        {
            RingReader[] lanes = Volatile.Read(ref _inboxes);
            int first = lanes.Length == 0 ? 0 : _firstLane++ % lanes.Length;
            for (int i = 0; i < lanes.Length; i++)
            {
                RingReader lane = lanes[(first + i) % lanes.Length];
                DrainResult result = Turn(self, lane, ref any);
                if (result == DrainResult.RoleLost)
                {
                    return result;
                }
            }

            _firstLane &= 0xFFFF;
        }

        if ((Volatile.Read(ref _answers).Length != 0 || Volatile.Read(ref _commandCount) != 0) && TryEnterAnswers())
        {
            self.HoldsAnswers = true;
            Volatile.Write(ref _isAnswererWaiting, 0);
            if (Volatile.Read(ref _commandCount) != 0)
            {
                RunCommands();
                any = true;
            }

            foreach (RingReader lane in Volatile.Read(ref _answers))
            {
                if (Turn(self, lane, ref any) == DrainResult.RoleLost)
                {
                    return DrainResult.RoleLost;
                }
            }

            self.HoldsAnswers = false;
            ExitAnswers();
        }

        foreach (RingWriter writer in Volatile.Read(ref _blocked))
        {
            if (writer.HasNews())
            {
                writer.Flush();
                any = true;
            }
        }

        return any ? DrainResult.More : DrainResult.Idle;
    }

    private DrainResult Turn(ReaderThread thread, RingReader lane, ref bool any)
    {
        long before = lane.Position;
        DrainResult result = lane.Drain(thread, Options.BatchFrames);
        switch (result)
        {
            case DrainResult.RoleLost:
                return result;

            case DrainResult.Faulted:
            case DrainResult.Drained:
                any = true;
                EndLane(lane, result);
                return result;

            default:
                any |= result == DrainResult.More || lane.Position != before;
                return result;
        }
    }

    private void EndLane(RingReader lane, DrainResult result)
    {
        if (!Remove(lane))
        {
            return;
        }

        Post(lane.Release); // not now: this may be a caller that polls for its answer, and the reader looks at lanes of answers too
        if (result == DrainResult.Faulted)
        {
            Observer.LaneFaulted(lane, lane.FaultReason!);
        }
        else
        {
            Observer.LaneDrained(lane);
        }
    }

    /// <summary>The loop has stopped: gives everything back. The caller has the reading role, and takes the answers' for good.</summary>
    private void End()
    {
        var spin = new SpinWait();
        while (!TryEnterAnswers())
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        RunCommands();
        RingReader[] lanes;
        lock (_sync)
        {
            lanes = [.. _inboxes, .. _answers];
            Volatile.Write(ref _inboxes, []);
            Volatile.Write(ref _answers, []);
            Volatile.Write(ref _hasEnded, true);
        }

        RunCommands(); // what came between; later ones run where they are posted
        foreach (RingReader lane in lanes)
        {
            lane.Release();
        }

        Ledger?.CloseDescriptor(); // leases may be open still
        _doorbell.CloseDescriptor(); // the mapping goes with the last thread that was late
        _ended.TrySetResult();
    }

    private bool HasAnything(bool withAnswers)
    {
        if (Volatile.Read(ref _isStopping) || (withAnswers && Volatile.Read(ref _commandCount) != 0))
        {
            return true;
        }

        if (Volatile.Read(ref _hasStandby))
        {
            foreach (RingReader lane in Volatile.Read(ref _inboxes))
            {
                if (lane.IsReady)
                {
                    return true;
                }
            }
        }

        // While a caller polls, answers are its business: looking at them too would keep this thread awake for as long as answers come.
        return (withAnswers && Volatile.Read(ref _answersRole) == 0 && HasAnswers()) || HasRoom();
    }

    private bool HasRoom()
    {
        foreach (RingWriter writer in Volatile.Read(ref _blocked))
        {
            if (writer.HasNews())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sleeps until somebody rings.</summary>
    private void Park()
    {
        uint bell = Volatile.Read(ref *_doorbell.Bell); // before the episode: who rings from then on changes it
        Pass(KillPoint.LyingDown);
        Volatile.Write(ref _isAsleep, 1);
        SetParked(_episode += 2);
        NoteWaitingAnswerers();
        Interlocked.MemoryBarrier(); // pairs with the ringers' fence after publishing: they see the episode, or we see what they have published
        LetAnswersRing();
        bool stay = HasAnything(withAnswers: Volatile.Read(ref _parkedAnswers) != _episode); // what does not ring is looked at now
        if (!stay)
        {
            _parks++;
            Futex.Wait(_doorbell.Bell, bell, Timeout.InfiniteTimeSpan);
        }

        Volatile.Write(ref _isAsleep, 0);
        SetParked(0);
        SetParkedAnswers(0); // a poller's late store costs one ring too many, no more
        Interlocked.MemoryBarrier(); // pairs with the standby's fence between its store of asleep and its load of ours
        _armsStandby = Volatile.Read(ref _standbyAsleep) != 0;
    }

    private void SetParked(ulong episode)
    {
        Volatile.Write(ref _parked, episode);
        Volatile.Write(ref *_doorbell.Parked, episode);
    }

    private void SetParkedAnswers(ulong episode)
    {
        Volatile.Write(ref _parkedAnswers, episode);
        Volatile.Write(ref *_doorbell.ParkedAnswers, episode);
    }
}
