using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>
/// Reads all rings of one process on one thread, with one doorbell for all of them. One per process: make it with the process's own doorbell, <see cref="Start"/>,
/// <see cref="Attach"/> and <see cref="DetachAsync"/> from any thread at any time, dispose at the end. Writers need it too: it tells them when there is room.
/// </summary>
/// <remarks>
/// Threads: one reads; one more, the standby, watches it and takes the reading over when the reader has been inside a listener's code for too long
/// (<see cref="EnterUserCode"/>). The late thread finds its role lost on return and becomes a standby itself. Inboxes are read only while there is a standby; answers always.
/// </remarks>
internal sealed partial class RingReaderLoop : IAsyncDisposable
{
    /// <summary>How many threads it starts with: the reader and its standby.</summary>
    internal const int FirstThreads = 2;

    private readonly object _sync = new(); // not a Lock: idle threads wait on it
    private readonly DoorbellSegment _doorbell;
    private readonly Queue<Action> _commands = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RingReader[] _inboxes = [];
    private RingReader[] _answers = [];
    private RingWriter[] _blocked = [];
    private int _commandCount;
    private bool _someWaitForStore;
    private bool _isStarted;
    private bool _isStopping;

    /// <summary>Makes the loop; nothing runs before <see cref="Start"/>.</summary>
    /// <param name="doorbell">This process's own doorbell, opened as owner; from now on owned by the loop.</param>
    /// <param name="receiver">Gets the frames.</param>
    /// <param name="observer">Hears of lanes that end.</param>
    /// <param name="limits">The cluster's limits.</param>
    /// <param name="ledger">This worker id's ledger; <see langword="null"/> in processes that have no successor. From now on owned by the loop.</param>
    /// <param name="options">How it waits; <see langword="null"/> for the defaults.</param>
    public RingReaderLoop(
        DoorbellSegment doorbell,
        ITransportReceiver receiver,
        IRingObserver observer,
        TransportLimits limits,
        LedgerSegment? ledger = null,
        RingLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(doorbell);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(limits);
        _doorbell = doorbell;
        Receiver = receiver;
        Observer = observer;
        Limits = limits;
        Ledger = ledger;
        Options = options ?? RingLoopOptions.From(limits);
        Store = ledger is null ? AnswerStore : new LedgerStore(ledger, Options.KillPoints);
        _spinner = new AdaptiveSpin(Options.SpinBudget, Options.YieldBudget);
        _pollSpinner = new AdaptiveSpin(Options.SpinBudget, Options.YieldBudget);
    }

    /// <summary>How often the reading was taken over from a thread that was late.</summary>
    public long HandOvers => Volatile.Read(ref _handOvers);

    /// <summary>How often the reader went to sleep.</summary>
    public long Parks => Volatile.Read(ref _parks);

    /// <summary>Whether the reader sleeps, or is about to.</summary>
    public bool IsParked => Volatile.Read(ref _isAsleep) != 0;

    internal ITransportReceiver Receiver { get; }

    internal IRingObserver Observer { get; }

    internal TransportLimits Limits { get; }

    internal LedgerSegment? Ledger { get; }

    internal LeaseStore Store { get; }

    internal LeaseStore AnswerStore { get; } = new PooledStore();

    internal RingLoopOptions Options { get; }

    /// <summary>Starts the reader thread and its standby.</summary>
    public void Start()
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            if (_isStarted)
            {
                return;
            }

            _isStarted = true;
            EngageStandby_NeedsLock(); // first: a reader without a standby leaves inboxes alone, and might lie down before it gets one
            StartThread_NeedsLock(asStandby: false);
        }
    }

    /// <summary>Opens the reading end of a ring and reads it from where its last reader stopped.</summary>
    /// <param name="ring">The ring's descriptor; from now on owned by the loop.</param>
    /// <param name="length">The announced size of the segment.</param>
    /// <param name="remote">Who writes: one exact incarnation.</param>
    /// <param name="kind">What the lane is for.</param>
    /// <param name="writerDoorbell">The writing process's doorbell; may be disposed by the caller later.</param>
    /// <param name="ringId">The ring's number, as the supervisor has said it.</param>
    /// <exception cref="SharedMemoryException">The descriptor is not what was agreed.</exception>
    public RingReader Attach(SafeFileHandle ring, int length, PeerId remote, LaneKind kind, DoorbellSegment writerDoorbell, long? ringId = null)
    {
        ArgumentNullException.ThrowIfNull(writerDoorbell);
        using SharedSegment segment = SharedSegment.Open(ring, length);
        var lane = new RingReader(this, RingMemory.Map(segment, RingRole.Reader, ringId), remote, kind, writerDoorbell);
        lock (_sync)
        {
            if (_isStopping)
            {
                lane.Release();
                throw new ObjectDisposedException(nameof(RingReaderLoop));
            }

            ref RingReader[] lanes = ref kind == LaneKind.Answer ? ref _answers : ref _inboxes;
            Volatile.Write(ref lanes, [.. lanes, lane]); // publishes the lane to the reader
        }

        WakeSelf();
        return lane;
    }

    /// <summary>The lane that reads a ring; none when it has ended.</summary>
    public RingReader? Find(long ringId) =>
        Array.Find(Volatile.Read(ref _inboxes), lane => lane.RingId == ringId) ?? Array.Find(Volatile.Read(ref _answers), lane => lane.RingId == ringId);

    /// <summary>Reads the lane no more; done when no thread is inside its memory, but for late ones that read their frames in place. Frames that were not taken stay in the ring.</summary>
    /// <param name="lane">The lane; nothing happens when it has ended already.</param>
    public Task DetachAsync(RingReader lane)
    {
        ArgumentNullException.ThrowIfNull(lane);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            if (Remove(lane))
            {
                lane.Release();
            }

            done.SetResult();
        });
        return done.Task;
    }

    /// <summary>Stops reading. A thread that is inside a listener's code is not waited for; the lanes' memory goes with it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_sync)
        {
            if (_isStopping)
            {
                return;
            }

            Volatile.Write(ref _isStopping, true);
            if (!_isStarted)
            {
                _ended.TrySetResult();
            }

            Monitor.PulseAll(_sync);
        }

        _doorbell.Ring();
        await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>A writer of this process has frames that wait for room.</summary>
    internal void AddBlocked(RingWriter writer)
    {
        lock (_sync)
        {
            Volatile.Write(ref _blocked, [.. _blocked, writer]);
        }
    }

    /// <summary>It has none any more.</summary>
    internal void RemoveBlocked(RingWriter writer)
    {
        lock (_sync)
        {
            Volatile.Write(ref _blocked, Array.FindAll(_blocked, other => other != writer));
        }
    }

    /// <summary>Unmaps a writer's ring when the reader's present round, which may be looking at it, is over.</summary>
    /// <param name="memory">The ring, or a segment of the writer's.</param>
    internal void Retire(IDisposable memory) => Post(memory.Dispose);

    /// <summary>Makes the reader, or the standby when the reader is inside a listener's code, look at everything.</summary>
    internal unsafe void WakeSelf()
    {
        Interlocked.MemoryBarrier(); // orders what the caller has stored before the load; pairs with the fence of the parking reader
        ulong episode = Volatile.Read(ref _parked);
        if (episode != 0)
        {
            DoorbellSegment.Ring((episode & 1) == 0 ? _doorbell.Bell : _doorbell.StandbyBell);
        }
    }

    /// <summary>A lane waits until something is freed. The caller fences and looks once more.</summary>
    internal void NoteWaitForStore() => Volatile.Write(ref _someWaitForStore, true);

    /// <summary>Something was freed, after a full fence: lanes that waited for it go on.</summary>
    internal void OnReleased()
    {
        if (!Volatile.Read(ref _someWaitForStore))
        {
            return;
        }

        Volatile.Write(ref _someWaitForStore, false);
        Interlocked.MemoryBarrier(); // a lane that notes its wish after this sees what was freed
        bool any = false;
        foreach (RingReader lane in Volatile.Read(ref _inboxes))
        {
            any |= lane.EndWaitForStore();
        }

        foreach (RingReader lane in Volatile.Read(ref _answers))
        {
            any |= lane.EndWaitForStore();
        }

        if (any)
        {
            WakeSelf();
        }
    }

    /// <summary>For tests that stop a process between two stores; nothing is left of it otherwise.</summary>
    internal void Pass(KillPoint point)
    {
        if (KillPoints.AreOn)
        {
            Options.KillPoints?.Invoke(point);
        }
    }

    private void Post(Action command)
    {
        bool runHere;
        lock (_sync)
        {
            runHere = !_isStarted || _hasEnded;
            if (!runHere)
            {
                _commands.Enqueue(command);
                Volatile.Write(ref _commandCount, _commands.Count);
            }
        }

        if (runHere)
        {
            command();
        }
        else
        {
            WakeSelf();
        }
    }

    /// <summary>Runs what other threads asked for. The caller has both reading roles.</summary>
    private void RunCommands()
    {
        while (true)
        {
            Action command;
            lock (_sync)
            {
                if (!_commands.TryDequeue(out command!))
                {
                    return;
                }

                Volatile.Write(ref _commandCount, _commands.Count);
            }

            command();
        }
    }

    /// <summary>Takes a lane out of the reading. The caller has the lane's reading role.</summary>
    private bool Remove(RingReader lane)
    {
        lock (_sync)
        {
            ref RingReader[] lanes = ref lane.Kind == LaneKind.Answer ? ref _answers : ref _inboxes;
            int before = lanes.Length;
            Volatile.Write(ref lanes, Array.FindAll(lanes, other => other != lane));
            if (lanes.Length == before)
            {
                return false;
            }
        }

        return true;
    }
}
