namespace Ipc.Transports.Rings;

/// <content>The reading of answers is a role of its own: the reader has it in passing, a caller that waits for its answer may borrow it.</content>
internal sealed unsafe partial class RingReaderLoop
{
    private readonly AdaptiveSpin _pollSpinner;
    private readonly ReaderThread _poller = new(canBeRelieved: false);
    private int _answersRole;
    private int _isAnswererWaiting;

    /// <summary>See <see cref="Transport.PollAnswers"/>. Allocates nothing.</summary>
    public void PollAnswers(IAnswerWaiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        if (!Options.Looks || waiter.IsAnswered || Volatile.Read(ref _answers).Length == 0 || !TryEnterAnswers())
        {
            return;
        }

        // Who answers now need not ring: we look. Mostly it says so already, and who answers keeps its copy of the line.
        if (Volatile.Read(ref _parkedAnswers) != 0)
        {
            SetParkedAnswers(0);
        }

        _poller.ManagedId = Environment.CurrentManagedThreadId;
        while (!waiter.IsAnswered && _pollSpinner.TryWait(this, static loop => loop.HasAnswers()))
        {
            foreach (RingReader lane in Volatile.Read(ref _answers))
            {
                bool any = false;
                Turn(_poller, lane, ref any);
            }
        }

        ExitAnswers();
    }

    /// <summary>See <see cref="Transport.ReadAnswers"/>.</summary>
    public bool ReadAnswers()
    {
        if (Volatile.Read(ref _answers).Length == 0)
        {
            return true; // a lane that is attached later wakes the reader
        }

        if (!TryEnterAnswers())
        {
            return false; // who has the role looks once more when it leaves
        }

        _poller.ManagedId = Environment.CurrentManagedThreadId;
        foreach (RingReader lane in Volatile.Read(ref _answers))
        {
            long end = lane.PublishedEnd; // what comes later is not waited for: others may send as fast as this thread reads
            bool any = false;
            while (Turn(_poller, lane, ref any) == DrainResult.More && lane.Position < end)
            {
            }
        }

        ExitAnswers();
        return true;
    }

    private bool HasAnswers()
    {
        foreach (RingReader lane in Volatile.Read(ref _answers))
        {
            if (lane.IsReady)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// A caller that polls, request after request, is the usual one. As long as nobody else waits, neither it nor who answers writes or reads a changed line of the doorbell.
    /// </summary>
    private bool AnswersMustRing =>
        !Options.Looks || Receiver.ExpectsAnswers || Volatile.Read(ref _commandCount) != 0 || Volatile.Read(ref _isAnswererWaiting) != 0;

    /// <summary>
    /// The reader lies down. Whoever waits for room in a lane of answers has rung for it, and it may have found the role taken by a caller who does not come to that lane: then that
    /// one lets the lane ring when it leaves.
    /// </summary>
    private void NoteWaitingAnswerers()
    {
        foreach (RingReader lane in Volatile.Read(ref _answers))
        {
            if (lane.WriterWaits)
            {
                Volatile.Write(ref _isAnswererWaiting, 1); // a full fence and a look at the role follow
                return;
            }
        }
    }

    private bool TryEnterAnswers() => Volatile.Read(ref _answersRole) == 0 && Interlocked.CompareExchange(ref _answersRole, 1, 0) == 0;

    private void LeaveAnswersRole() => Interlocked.Exchange(ref _answersRole, 0); // full fence: before the load of parked in LetAnswersRing

    /// <summary>Gives the role back.</summary>
    private void ExitAnswers()
    {
        LeaveAnswersRole();
        LetAnswersRing();
    }

    /// <summary>
    /// When the reader sleeps or is inside a listener's code, answers ring for it if anybody waits for one, unless somebody has the answers' role: then that one calls this when
    /// it leaves. Called after a store of parked, or of the role, and a full fence: of two threads at least one sees the other's. So too with who begins to wait for an answer:
    /// it says so, fences, and looks at the role.
    /// </summary>
    private void LetAnswersRing()
    {
        while (true)
        {
            ulong episode = Volatile.Read(ref _parked);
            if (episode == 0 || Volatile.Read(ref _parkedAnswers) == episode || !AnswersMustRing || !TryEnterAnswers())
            {
                return;
            }

            SetParkedAnswers(episode);
            Interlocked.MemoryBarrier(); // as in Park: the answerers see the episode, or we see their answers
            if (HasAnswers() || Volatile.Read(ref _commandCount) != 0)
            {
                DoorbellSegment.Ring((episode & 1) == 0 ? _doorbell.Bell : _doorbell.StandbyBell);
            }

            LeaveAnswersRole();
        }
    }
}
