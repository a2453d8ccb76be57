namespace Ipc.Transports.Rings;

/// <summary>What one thread is doing with the frame that it delivers. A reader thread has one for life; polling callers share one, under the answers' role.</summary>
internal sealed class ReaderThread(bool canBeRelieved)
{
    private FrameLease? _standIn;
    private int _reliefDone;

    /// <summary>This thread's, on reader threads.</summary>
    [field: ThreadStatic]
    public static ReaderThread? Current { get; set; }

    /// <summary>The thread, see <see cref="Environment.CurrentManagedThreadId"/>.</summary>
    public int ManagedId { get; set; }

    /// <summary>Whether the reading can be taken over from this thread: not from a caller that polls for its answer.</summary>
    public bool CanBeRelieved => canBeRelieved;

    /// <summary>The context without any AsyncLocal, restored after each frame; <see langword="null"/> on threads that are not ours.</summary>
    public ExecutionContext? CleanContext { get; set; }

    /// <summary>The lane whose frame is being delivered.</summary>
    public RingReader? Lane { get; private set; }

    /// <summary>Where the lane goes on after the frame.</summary>
    public ulong Next { get; private set; }

    /// <summary>How many bytes the frame has.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the listener's code has begun, and the reading can be taken over. Own thread only.</summary>
    public bool IsInUserCode { get; private set; }

    /// <summary>What the loop's state was set to when it began.</summary>
    public long Stamp { get; private set; }

    /// <summary>Whether this thread has the reading of answers, besides that of inboxes.</summary>
    public bool HoldsAnswers { get; set; }

    /// <summary>Whether the receiver has taken the frame.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether another thread has taken the reading over; this one finds it out when it leaves the listener's code, or takes the frame.</summary>
    public bool IsLate { get; set; }

    /// <summary>Whether the listener may read the frame's bytes in place. Set before its code begins.</summary>
    public bool IsBorrowed { get; set; }

    /// <summary>Where the record of the borrowed frame begins in the ring that stays for it; none when it is elsewhere. Set by the thread that takes over, see <see cref="Relieve"/>.</summary>
    public ulong? Pin { get; set; }

    /// <summary>The segment of the borrowed frame, to be freed by this thread; none when it is elsewhere, or a lease has it. Set by the thread that takes over, see <see cref="Relieve"/>.</summary>
    public FrameSegmentUse? Use { get; set; }

    /// <summary>Makes it ready for another frame.</summary>
    public void Begin(RingReader lane, ulong next, int length)
    {
        Lane = lane;
        Next = next;
        Length = length;
        IsInUserCode = false;
        IsTaken = false;
        IsLate = false;
        IsBorrowed = false;
    }

    /// <summary>The listener's code begins.</summary>
    /// <param name="stamp">What the loop's state is set to next.</param>
    public void EnterUserCode(long stamp)
    {
        IsInUserCode = true;
        Stamp = stamp;
        _standIn = null;
        _reliefDone = 0;
    }

    /// <summary>The listener's code has ended, or the frame was taken.</summary>
    public void LeaveUserCode() => IsInUserCode = false;

    /// <summary>Called by the thread that has taken the reading over, when it has settled the frame.</summary>
    /// <param name="standIn">What stands for the frame until its listener returns; <see langword="null"/> when the receiver had taken it before.</param>
    public void Relieve(FrameLease? standIn)
    {
        _standIn = standIn;
        Volatile.Write(ref _reliefDone, 1); // publishes the stand-in; pairs with WaitForRelief
    }

    /// <summary>Called by the late thread: what stands for its frame, once.</summary>
    public FrameLease? TakeStandIn()
    {
        WaitForRelief();
        FrameLease? standIn = _standIn;
        _standIn = null;
        return standIn;
    }

    /// <summary>Called by the late thread: until the other one has settled its frame.</summary>
    public void WaitForRelief()
    {
        var spin = new SpinWait();
        while (Volatile.Read(ref _reliefDone) == 0)
        {
            spin.SpinOnce(sleep1Threshold: -1); // the other thread is between two statements
        }
    }
}
