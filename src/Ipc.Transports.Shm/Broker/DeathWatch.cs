using System.Runtime.InteropServices;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>
/// Sleeps on the <see cref="DeathMark"/> of every connected worker, and tells when one changes: the process dies, or one of its threads has. One thread, whatever the number of workers; with more than
/// 127 at a time the others' deaths are learnt from their exits alone, as where the kernel does not have it. Every method may be called from any thread.
/// </summary>
internal sealed unsafe class DeathWatch : IDisposable
{
    private readonly Action<PeerId> _onDying;
    private readonly ILogger _logger;
    private readonly WaitAny _tryWaitAny;
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, DoorbellSegment> _watched = [];
    private readonly uint* _changes = (uint*)NativeMemory.AllocZeroed(sizeof(uint));
    private Thread? _thread;
    private bool _isUnavailable;
    private bool _isStopping;

    /// <summary>Makes one that watches nobody.</summary>
    /// <param name="onDying">Told once of each, on the watching thread.</param>
    /// <param name="logger">The log.</param>
    /// <param name="tryWaitAny">How to sleep, for tests of kernels that cannot; <see langword="null"/> for <see cref="Futex.TryWaitAny"/>.</param>
    public DeathWatch(Action<PeerId> onDying, ILogger logger, WaitAny? tryWaitAny = null)
    {
        _onDying = onDying;
        _logger = logger;
        _tryWaitAny = tryWaitAny ?? Futex.TryWaitAny;
    }

    /// <summary>As <see cref="Futex.TryWaitAny"/>.</summary>
    internal delegate bool WaitAny(ReadOnlySpan<Libc.FutexWaiter> waiters);

    /// <summary>Begins to watch the owner of a doorbell.</summary>
    public void Watch(PeerId worker, DoorbellSegment doorbell)
    {
        lock (_gate)
        {
            if (_isStopping || _isUnavailable || !Futex.IsSupported || _watched.Count == Futex.MostWords - 1 || !_watched.TryAdd(worker, doorbell))
            {
                return;
            }

            doorbell.AddUser();
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "ipc deaths" };
                _thread.Start();
            }

            Wake();
        }
    }

    /// <summary>Watches it no longer.</summary>
    public void Forget(PeerId worker)
    {
        lock (_gate)
        {
            if (_watched.ContainsKey(worker))
            {
                Remove(worker);
                Wake();
            }
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            _isStopping = true;
            Wake();
        }

        if (_thread != Thread.CurrentThread) // what a death has set off may end in the stop of all
        {
            _thread?.Join();
        }

        lock (_gate)
        {
            RemoveAll();
            NativeMemory.Free(_changes); // nobody is watched any more, so that nobody wakes anybody
        }
    }

    private void Remove(PeerId worker)
    {
        if (_watched.Remove(worker, out DoorbellSegment? doorbell))
        {
            doorbell.RemoveUser();
        }
    }

    private void RemoveAll()
    {
        foreach (PeerId worker in _watched.Keys.ToArray())
        {
            Remove(worker);
        }
    }

    private void Wake()
    {
        Interlocked.Increment(ref *_changes);
        Futex.Wake(_changes, 1);
    }

    private void Run()
    {
        var waiters = new Libc.FutexWaiter[Futex.MostWords];
        List<PeerId> dying = [];
        while (true)
        {
            int count;
            lock (_gate)
            {
                if (_isStopping)
                {
                    return;
                }

                waiters[0] = WaiterOn(_changes);
                count = 1;
                foreach ((PeerId worker, DoorbellSegment doorbell) in _watched)
                {
                    waiters[count] = WaiterOn(doorbell.Life);
                    if (DeathMark.IsDead((uint)waiters[count].Value))
                    {
                        dying.Add(worker);
                    }

                    count++;
                }

                dying.ForEach(Remove);
            }

            if (dying.Count > 0)
            {
                foreach (PeerId worker in dying)
                {
                    if (Volatile.Read(ref _isStopping))
                    {
                        return;
                    }

                    _onDying(worker);
                }

                dying.Clear();
                continue;
            }

            // A mapping may go meanwhile: the call fails then, or sleeps on until the number of changes tells.
            if (!_tryWaitAny(waiters.AsSpan(0, count)))
            {
                GiveUp();
                return;
            }
        }
    }

    private void GiveUp()
    {
        lock (_gate)
        {
            _isUnavailable = true;
            RemoveAll();
        }

        ControlLog.DeathsLearntLate(_logger);
    }

    private static Libc.FutexWaiter WaiterOn(uint* word) =>
        new() { Value = Volatile.Read(ref *word), Address = (ulong)word, Flags = Libc.FutexSize32 };
}
