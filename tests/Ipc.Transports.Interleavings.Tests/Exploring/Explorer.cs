using Ipc.Transports.Memory;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>
/// Runs a scenario under every schedule with at most so many preemptions. One thread runs at a time; between two steps on a word that several threads touch another one may go on.
/// The memory is that of x86: a store waits in its thread's buffer, first in, first out, until a fence, a locked instruction, a system call, or the explorer lets others see it.
/// </summary>
/// <remarks>Not explored: what weaker memories do beyond that, and the delay of references. A switch of threads that cannot go on costs no preemption.</remarks>
internal sealed partial class Explorer
{
    private const int MaxSteps = 20_000;
    private const int MaxRepeated = 20;
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(30);

    private readonly ScheduleTree _tree;
    private readonly HashSet<string> _racy;
    private readonly string? _withoutFence;
    private readonly List<string>? _trace;
    private readonly List<ModelThread> _threads = [];
    private readonly List<object> _gates = [];
    private readonly SemaphoreSlim _finished = new(0);
    private readonly CountdownEvent _workers = new(1);
    private readonly long _firstSegment = MappedMemory.Last;
    private int _preemptions;
    private int _points;
    private int _steps;
    private long _version;
    private bool _isSettling;
    private bool _isEnding;
    private string? _failure;

    private Explorer(ScheduleTree tree, int preemptions, HashSet<string> racy, string? withoutFence, bool traces)
    {
        _tree = tree;
        _preemptions = preemptions;
        _racy = racy;
        _withoutFence = withoutFence;
        _trace = traces ? [] : null;
    }

    /// <summary>The schedule that is being set up or run.</summary>
    public static Explorer? Active { get; private set; }

    /// <summary>The calling thread's part in it; null on a thread that has none.</summary>
    [field: ThreadStatic]
    public static ModelThread? Current { get; private set; }

    /// <summary>Explores.</summary>
    /// <param name="make">Sets a schedule up.</param>
    /// <param name="preemptions">How often at most a thread that could go on has to let another one go on.</param>
    /// <param name="withoutFence">The member of the product that loses its full fence.</param>
    public static Exploration Explore(Func<Explorer, Scenario> make, int preemptions, string? withoutFence = null)
    {
        var racy = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var tree = new ScheduleTree();
            int schedules = 0;
            int points = 0;
            int repeated = 0;
            bool isComplete = true;
            do
            {
                int collections = GC.CollectionCount(0);
                var explorer = new Explorer(tree, preemptions, racy, withoutFence, traces: false);
                string? verdict = explorer.Run(make);
                if (tree.HasDiverged || GC.CollectionCount(0) != collections)
                {
                    // An object may have moved, and the explorer names words by their addresses.
                    if (++repeated > MaxRepeated + schedules)
                    {
                        throw new InvalidOperationException($"{repeated} of {schedules} schedules could not be repeated: the code under test is not deterministic.");
                    }

                    tree.Repeat();
                    continue;
                }

                if (verdict is not null)
                {
                    tree.Repeat();
                    explorer = new Explorer(tree, preemptions, racy, withoutFence, traces: true);
                    return new Exploration(schedules + 1, points, $"{verdict}\n{explorer.Run(make)}\n{string.Join('\n', explorer._trace!)}");
                }

                schedules++;
                points = Math.Max(points, explorer._points);
                HashSet<string> found = explorer.SharedWords();
                if (!found.IsSubsetOf(racy))
                {
                    racy.UnionWith(found); // more places at which the order matters: from the beginning
                    isComplete = false;
                    break;
                }

                if (!tree.Next())
                {
                    break;
                }
            }
            while (true);

            if (isComplete)
            {
                return new Exploration(schedules, points, null);
            }
        }
    }

    /// <summary>Adds a thread to the schedule.</summary>
    /// <param name="name">For the trace.</param>
    /// <param name="body">What it does.</param>
    /// <param name="mayStop">Whether it may be stopped for good between any two steps.</param>
    public void Spawn(string name, Action body, bool mayStop = false)
    {
        var thread = new ModelThread(this, $"{name} {_threads.Count}", mayStop);
        _threads.Add(thread);
        _version++;
        _workers.AddCount();
        Worker.Run(() => Live(thread, body));
    }

    /// <summary>Runs what was spawned so far until no thread can go on, without any choice: exploring begins there.</summary>
    public void Settle()
    {
        _isSettling = true;
        _threads[0].Turn.Release();
        if (!_finished.Wait(Stuck))
        {
            throw new InvalidOperationException("The threads do not come to rest.");
        }

        _isSettling = false;
        _words.Clear();
    }

    /// <summary>No thread is preempted while it holds this lock statement's lock: the explorer could not see who waits for it.</summary>
    public void AddGate(object gate) => _gates.Add(gate);

    private string? Run(Func<Explorer, Scenario> make)
    {
        Active = this;
        using Scenario scenario = make(this);
        try
        {
            List<ModelThread> able = [.. _threads.Where(CanGoOn)];
            able[_tree.Choose(able.Count)].Turn.Release();
            if (!_finished.Wait(Stuck))
            {
                return $"the schedule is stuck: a thread has blocked where the explorer does not see it\n{string.Join('\n', _trace ?? [])}";
            }

            return _failure ?? scenario.Verdict();
        }
        finally
        {
            Volatile.Write(ref _isEnding, true);
            Active = null;
            foreach (ModelThread thread in _threads.Where(t => !t.HasEnded))
            {
                thread.Turn.Release();
            }

            _workers.Signal();
            _workers.Wait(Stuck);
        }
    }

    private void Live(ModelThread thread, Action body)
    {
        thread.Turn.Wait();
        try
        {
            if (!_isEnding)
            {
                Current = thread;
                body();
            }
        }
        catch (ScheduleEnded)
        {
            _ = thread; // it was unwound
        }
        catch (Exception e)
        {
            _failure ??= $"{thread.Name} threw {e}";
        }

        Current = null;
        thread.HasEnded = true;
        if (!_isEnding)
        {
            _version++;
            if (Choose(thread) is { } next)
            {
                next.Turn.Release();
            }
            else
            {
                _finished.Release();
            }
        }

        _workers.Signal();
    }
}
