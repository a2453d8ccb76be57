using Ipc.Transports.Interleavings.Tests;

namespace Ipc.Transports.Rings;

/// <summary>Takes the place of <see cref="Memory.Futex"/> in the product's rings: a sleeper of a schedule sleeps until it is woken, or for ever.</summary>
internal static unsafe class Futex
{
    public static bool IsSupported => Memory.Futex.IsSupported;

    public static void Wait(uint* word, uint expected, TimeSpan timeout)
    {
        if (!Explorer.Sleep(word, expected, hasTimeout: timeout != Timeout.InfiniteTimeSpan))
        {
            Memory.Futex.Wait(word, expected, timeout);
        }
    }

    public static void Wake(uint* word, int count)
    {
        if (!Explorer.Wake(word, count))
        {
            Memory.Futex.Wake(word, count);
        }
    }
}
