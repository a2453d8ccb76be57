namespace Ipc.Transports.Interleavings.Tests;

/// <content>Which thread goes on.</content>
internal sealed partial class Explorer
{
    /// <summary>A step of the calling thread that other threads can notice, other than on a word: a switch may come before it, and it flushes what was stored.</summary>
    public static void Visit(string name)
    {
        if (Running is { } explorer)
        {
            explorer.Before(Current!, name, name);
            explorer.Flush(Current!, int.MaxValue);
        }
    }

    /// <summary>Something has changed that threads may wait for.</summary>
    public static void Changed()
    {
        if (Running is { } explorer)
        {
            explorer._version++;
        }
    }

    /// <summary>Waits for a condition that threads of the same schedule bring about.</summary>
    public static void Until(Func<bool> condition, string name)
    {
        if (Running is not { } explorer)
        {
            return;
        }

        ModelThread me = Current!;
        explorer.Before(me, name, name);
        explorer.Flush(me, int.MaxValue);
        while (!condition())
        {
            me.Condition = condition;
            explorer.Block(me);
            me.Condition = null;
        }
    }

    /// <summary>Lets others go on; comes back when one of them has changed something.</summary>
    /// <returns>Whether the caller is a thread of a schedule.</returns>
    public static bool Yield()
    {
        if (Running is not { } explorer)
        {
            return false;
        }

        Current!.WaitsSince = explorer._version;
        explorer.Block(Current!);
        return true;
    }

    /// <summary>The calling thread's schedule; null when it has none.</summary>
    /// <exception cref="ScheduleEnded">It has ended.</exception>
    private static Explorer? Running => Current is not { } me ? null : Volatile.Read(ref me.Explorer._isEnding) ? throw new ScheduleEnded() : me.Explorer;

    /// <summary>Before a step: perhaps another thread goes on first, or sees more of what was stored.</summary>
    private void Before(ModelThread me, string key, string what)
    {
        if (++_steps > MaxSteps)
        {
            Fail($"the schedule does not end within {MaxSteps} steps");
            Leave(me, null);
        }

        if (!_racy.Contains(key) && key != what)
        {
            return;
        }

        _points++;
        if (_isSettling || _preemptions == 0 || _gates.Exists(Monitor.IsEntered))
        {
            return;
        }

        List<ModelThread> others = [.. _threads.Where(t => t != me && CanGoOn(t))];
        int flushes = me.Stores.Count == 0 ? 1 : 2;
        int stops = me.MayStop ? 1 : 0;
        List<ModelThread> delayed = [.. _threads.Where(t => t != me && t.Stores.Count != 0)];
        int choice = _tree.Choose(1 + (others.Count * flushes) + delayed.Count + stops);
        if (choice == 0)
        {
            return;
        }

        _preemptions--;
        choice--;
        if (choice < others.Count * flushes)
        {
            // What the thread has stored may have become visible, or not yet.
            Flush(me, choice % flushes == 0 ? 0 : int.MaxValue);
            _trace?.Add($"{me.Name}: preempted, {me.Stores.Count} stores are not visible");
            Leave(me, others[choice / flushes]);
            return;
        }

        choice -= others.Count * flushes;
        if (choice < delayed.Count)
        {
            Flush(delayed[choice], int.MaxValue);
            return;
        }

        _trace?.Add($"{me.Name}: stopped for good");
        Flush(me, int.MaxValue);
        me.Condition = static () => false;
        Block(me);
    }

    /// <summary>The calling thread cannot go on now.</summary>
    private void Block(ModelThread me) => Leave(me, Choose(me));

    /// <summary>One of those that can go on; null when none can.</summary>
    private ModelThread? Choose(ModelThread me)
    {
        while (true)
        {
            List<ModelThread> able = [.. _threads.Where(CanGoOn)];
            if (able.Count != 0)
            {
                return able[_isSettling ? 0 : _tree.Choose(able.Count)];
            }

            if (_threads.Sum(t => Flush(t, int.MaxValue)) == 0)
            {
                _trace?.Add($"{me.Name}: nobody can go on");
                return null;
            }
        }
    }

    private void Leave(ModelThread me, ModelThread? next)
    {
        if (next != me)
        {
            (next?.Turn ?? _finished).Release();
            me.Turn.Wait();
            if (_isEnding)
            {
                throw new ScheduleEnded();
            }
        }

        me.WaitsSince = -1;
    }

    private bool CanGoOn(ModelThread thread) =>
        !thread.HasEnded && thread.SleepsOn == 0 && (thread.WaitsSince < 0 || _version > thread.WaitsSince) && (thread.Condition is null || thread.Condition());

    private void Fail(string what) => _failure ??= what;
}
