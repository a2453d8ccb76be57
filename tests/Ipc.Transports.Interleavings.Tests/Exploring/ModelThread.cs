namespace Ipc.Transports.Interleavings.Tests;

/// <summary>A thread of a schedule, with the stores that it has made and that no other thread sees yet.</summary>
internal sealed class ModelThread(Explorer explorer, string name, bool mayStop)
{
    public Explorer Explorer => explorer;

    public string Name => name;

    /// <summary>Whether it may be stopped for good between any two steps, as by a signal.</summary>
    public bool MayStop => mayStop;

    /// <summary>Lets it run.</summary>
    public SemaphoreSlim Turn { get; } = new(0);

    /// <summary>In the order in which they were made: a store buffer is first in, first out.</summary>
    public List<(nint Address, ulong Value, int Size)> Stores { get; } = [];

    public bool HasEnded { get; set; }

    /// <summary>The futex on which it sleeps; 0 when it sleeps on none.</summary>
    public nint SleepsOn { get; set; }

    /// <summary>What it waits for otherwise.</summary>
    public Func<bool>? Condition { get; set; }

    /// <summary>It goes on when something has changed since.</summary>
    public long WaitsSince { get; set; } = -1;

    /// <summary>What it had seen when it last slept with a timeout.</summary>
    public long LastSeen { get; set; } = -1;

    /// <summary>How often it has slept with a timeout since it saw that.</summary>
    public int QuietSleeps { get; set; }
}
