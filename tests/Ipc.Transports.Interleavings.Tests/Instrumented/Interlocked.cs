using System.Runtime.CompilerServices;
using Ipc.Transports.Interleavings.Tests;

namespace Ipc.Transports.Rings;

/// <summary>Takes the place of <see cref="System.Threading.Interlocked"/> in the product's sources. A test may take a member's fence away: its callers' names are known here.</summary>
internal static class Interlocked
{
    public static void MemoryBarrier([CallerMemberName] string member = "") => Explorer.Fence(member);

    public static int Increment(ref int location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, _) => old + 1, 0) + 1;

    public static uint Increment(ref uint location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, _) => old + 1, 0u) + 1;

    public static long Increment(ref long location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, _) => old + 1, 0L) + 1;

    public static ulong Increment(ref ulong location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, _) => old + 1, 0ul) + 1;

    public static int Decrement(ref int location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, _) => old - 1, 0) - 1;

    public static long Decrement(ref long location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, _) => old - 1, 0L) - 1;

    public static int Add(ref int location, int value, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, more) => old + more, value) + value;

    public static long Add(ref long location, long value, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Change(ref location, name, static (old, more) => old + more, value) + value;

    public static int Exchange(ref int location, int value, [CallerArgumentExpression(nameof(location))] string name = "", [CallerMemberName] string member = "") =>
        Explorer.Exchange(ref location, value, name, member);

    public static long Exchange(ref long location, long value, [CallerArgumentExpression(nameof(location))] string name = "", [CallerMemberName] string member = "") =>
        Explorer.Exchange(ref location, value, name, member);

    public static ulong Exchange(ref ulong location, ulong value, [CallerArgumentExpression(nameof(location))] string name = "", [CallerMemberName] string member = "") =>
        Explorer.Exchange(ref location, value, name, member);

    public static T Exchange<T>(ref T location, T value)
        where T : class?
    {
        Explorer.Fence("");
        return System.Threading.Interlocked.Exchange(ref location, value);
    }

    public static int CompareExchange(ref int location, int value, int comparand, [CallerArgumentExpression(nameof(location))] string name = "") =>
        Explorer.CompareExchange(ref location, value, comparand, name);

    public static uint CompareExchange(ref uint location, uint value, uint comparand, [CallerArgumentExpression(nameof(location))] string name = "") =>
        Explorer.CompareExchange(ref location, value, comparand, name);

    public static long CompareExchange(ref long location, long value, long comparand, [CallerArgumentExpression(nameof(location))] string name = "") =>
        Explorer.CompareExchange(ref location, value, comparand, name);

    public static ulong CompareExchange(ref ulong location, ulong value, ulong comparand, [CallerArgumentExpression(nameof(location))] string name = "") =>
        Explorer.CompareExchange(ref location, value, comparand, name);

    public static T CompareExchange<T>(ref T location, T value, T comparand)
        where T : class?
    {
        Explorer.Fence("");
        return System.Threading.Interlocked.CompareExchange(ref location, value, comparand);
    }
}
