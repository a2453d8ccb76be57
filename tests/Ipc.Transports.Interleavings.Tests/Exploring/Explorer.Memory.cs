using System.Runtime.CompilerServices;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Interleavings.Tests;

/// <content>
/// The memory. A store is done at once, for the plain loads of its own thread; other threads' loads see what was there before, until the store leaves the buffer.
/// </content>
internal sealed unsafe partial class Explorer
{
    private readonly Dictionary<nint, ulong> _visible = [];
    private readonly Dictionary<nint, int> _buffered = [];
    private readonly Dictionary<nint, Word> _words = [];

    /// <summary>Called before every store, with the word's address and what is stored; a test that throws here plays a kill.</summary>
    public static Action<nint, ulong>? Storing { get; set; }

    /// <summary>Called after every load of a thread without a schedule; a test that stores there plays a process that changes what was read.</summary>
    public static Action<nint>? Loaded { get; set; }

    public static T Load<T>(ref readonly T location, string name)
        where T : unmanaged
    {
        if (Running is not { } explorer)
        {
            T seen = Plain(in location);
            Loaded?.Invoke((nint)Unsafe.AsPointer(ref Unsafe.AsRef(in location)));
            return seen;
        }

        ModelThread me = Current!;
        var address = (nint)Unsafe.AsPointer(ref Unsafe.AsRef(in location));
        explorer.Before(me, explorer.Touch(address, name, isWrite: false), "");
        int own = me.Stores.FindLastIndex(s => s.Address == address);
        T value = own >= 0 ? Narrow<T>(me.Stores[own].Value) : explorer._visible.TryGetValue(address, out ulong visible) ? Narrow<T>(visible) : Plain(in location);
        explorer._trace?.Add($"{me.Name}: load {name} = {value}");
        return value;
    }

    public static void Store<T>(ref T location, T value, string name)
        where T : unmanaged
    {
        Storing?.Invoke((nint)Unsafe.AsPointer(ref location), Widen(value));
        if (Running is not { } explorer)
        {
            location = value;
            Interlocked.MemoryBarrier();
            return;
        }

        ModelThread me = Current!;
        var address = (nint)Unsafe.AsPointer(ref location);
        explorer.Before(me, explorer.Touch(address, name, isWrite: true), "");
        explorer._visible.TryAdd(address, Widen(location));
        explorer._buffered[address] = explorer._buffered.GetValueOrDefault(address) + 1;
        location = value;
        me.Stores.Add((address, Widen(value), sizeof(T)));
        explorer._trace?.Add($"{me.Name}: store {name} = {value}");
    }

    public static void Fence(string member)
    {
        Interlocked.MemoryBarrier();
        if (Running is { } explorer && member != explorer._withoutFence)
        {
            explorer._trace?.Add($"{Current!.Name}: fence");
            explorer.Flush(Current!, int.MaxValue);
        }
    }

    public static T Exchange<T>(ref T location, T value, string name, string member)
        where T : unmanaged
    {
        if (Running is { } explorer && explorer._withoutFence == member)
        {
            T old = Load(ref location, name);
            Store(ref location, value, name);
            return old;
        }

        return Change(ref location, name, static (_, more) => more, value);
    }

    public static T CompareExchange<T>(ref T location, T value, T comparand, string name)
        where T : unmanaged => Change(ref location, name, static (old, two) => old.Equals(two.comparand) ? two.value : old, (value, comparand));

    /// <summary>A locked instruction: a full fence, and no other thread comes between its load and its store.</summary>
    /// <returns>What was there before.</returns>
    public static T Change<T, TArgument>(ref T location, string name, Func<T, TArgument, T> change, TArgument argument)
        where T : unmanaged
    {
        if (Running is not { } explorer)
        {
            lock (Outside)
            {
                T before = location;
                Storing?.Invoke((nint)Unsafe.AsPointer(ref location), Widen(change(before, argument)));
                location = change(before, argument);
                return before;
            }
        }

        ModelThread me = Current!;
        var address = (nint)Unsafe.AsPointer(ref location);
        explorer.Before(me, explorer.Touch(address, name, isWrite: true), "");
        explorer.Flush(me, int.MaxValue);
        T old = explorer._visible.TryGetValue(address, out ulong visible) ? Narrow<T>(visible) : location;
        T value = change(old, argument);
        Storing?.Invoke(address, Widen(value));
        if (!old.Equals(value))
        {
            explorer._version++;
        }

        if (explorer._visible.ContainsKey(address))
        {
            explorer._visible[address] = Widen(value); // another thread's store to it is still to come
        }
        else
        {
            location = value;
        }

        explorer._trace?.Add($"{me.Name}: change {name} from {old} to {value}");
        return old;
    }

    /// <summary>A thread of a schedule sleeps on a word until it is woken; with a timeout, until anything has changed.</summary>
    /// <returns>Whether the caller is a thread of a schedule.</returns>
    public static bool Sleep(uint* word, uint expected, bool hasTimeout)
    {
        if (Running is not { } explorer)
        {
            return false;
        }

        ModelThread me = Current!;
        explorer.Before(me, explorer.Touch((nint)word, "bell", isWrite: false), "");
        explorer.Flush(me, int.MaxValue);
        uint value = explorer._visible.TryGetValue((nint)word, out ulong visible) ? (uint)visible : *word;
        explorer._trace?.Add($"{me.Name}: sleep while {expected}, it is {value}");
        if (value != expected)
        {
            return true;
        }

        if (hasTimeout)
        {
            // Its time passes at once, until it has slept twice without any change: only after the first of them it has looked at what there is now, and only after the second at how long that has been.
            me.QuietSleeps = me.LastSeen == explorer._version ? me.QuietSleeps + 1 : 0;
            me.WaitsSince = me.QuietSleeps > 1 ? explorer._version : explorer._version - 1;
            me.LastSeen = explorer._version;
        }
        else
        {
            me.SleepsOn = (nint)word;
        }

        explorer.Block(me);
        return true;
    }

    /// <summary>Wakes sleepers.</summary>
    /// <returns>Whether the caller is a thread of a schedule.</returns>
    public static bool Wake(uint* word, int count)
    {
        if (Running is not { } explorer)
        {
            return false;
        }

        explorer.Before(Current!, explorer.Touch((nint)word, "bell", isWrite: true), "");
        explorer.Flush(Current!, int.MaxValue);
        explorer._trace?.Add($"{Current!.Name}: wake");
        foreach (ModelThread sleeper in explorer._threads.Where(t => t.SleepsOn == (nint)word).Take(count))
        {
            sleeper.SleepsOn = 0;
        }

        return true;
    }

    /// <summary>Lets others see the oldest stores of a thread.</summary>
    private int Flush(ModelThread thread, int count)
    {
        count = Math.Min(count, thread.Stores.Count);
        for (int i = 0; i < count; i++)
        {
            (nint address, ulong value, int size) = thread.Stores[i];
            _version++;
            if (--_buffered[address] != 0)
            {
                _visible[address] = value;
                continue;
            }

            _buffered.Remove(address);
            _visible.Remove(address);
            if (_words[address].IsInSegment)
            {
                // Several threads have stored there: the last one that others see is what stays.
                if (size == sizeof(ulong))
                {
                    *(ulong*)address = value;
                }
                else if (size == sizeof(uint))
                {
                    *(uint*)address = (uint)value;
                }
            }
        }

        thread.Stores.RemoveRange(0, count);
        return count;
    }

    private string Touch(nint address, string name, bool isWrite)
    {
        ModelThread me = Current!;
        if (!_words.TryGetValue(address, out Word? word))
        {
            (long Segment, long Offset)? place = MappedMemory.Find(address, _firstSegment);
            _words[address] = word = new Word(place is { } p ? $"{p.Segment}+{p.Offset}" : name, me, place is not null);
        }

        word.IsWritten |= isWrite;
        word.IsShared |= word.First != me;
        return word.Key;
    }

    /// <summary>Words that several threads have touched, and one has written.</summary>
    private HashSet<string> SharedWords() => [.. _words.Values.Where(w => w.IsShared && w.IsWritten).Select(w => w.Key)];

    private static readonly object Outside = new();

    private static T Plain<T>(ref readonly T location)
        where T : unmanaged
    {
        T value = location;
        Interlocked.MemoryBarrier();
        return value;
    }

    private static ulong Widen<T>(T value)
        where T : unmanaged
    {
        ulong wide = 0;
        *(T*)&wide = value;
        return wide;
    }

    private static T Narrow<T>(ulong wide)
        where T : unmanaged => *(T*)&wide;

    private sealed class Word(string key, ModelThread first, bool isInSegment)
    {
        public string Key => key;

        public ModelThread First => first;

        public bool IsWritten { get; set; }

        public bool IsShared { get; set; }

        public bool IsInSegment => isInSegment;
    }
}
