using System.Runtime.CompilerServices;
using Ipc.Transports.Interleavings.Tests;

namespace Ipc.Transports.Rings;

/// <summary>Takes the place of <see cref="System.Threading.Volatile"/> in the product's sources: every load and store is a step of the explored schedule.</summary>
internal static class Volatile
{
    public static ulong Read(ref readonly ulong location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Load(in location, name);

    public static long Read(ref readonly long location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Load(in location, name);

    public static uint Read(ref readonly uint location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Load(in location, name);

    public static int Read(ref readonly int location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Load(in location, name);

    public static bool Read(ref readonly bool location, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Load(in location, name);

    public static T Read<T>(ref readonly T location)
        where T : class? => System.Threading.Volatile.Read(in location);

    public static void Write(ref ulong location, ulong value, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Store(ref location, value, name);

    public static void Write(ref long location, long value, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Store(ref location, value, name);

    public static void Write(ref uint location, uint value, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Store(ref location, value, name);

    public static void Write(ref int location, int value, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Store(ref location, value, name);

    public static void Write(ref bool location, bool value, [CallerArgumentExpression(nameof(location))] string name = "") => Explorer.Store(ref location, value, name);

    /// <summary>References are published at once: the explorer does not delay them.</summary>
    public static void Write<T>(ref T location, T value)
        where T : class? => System.Threading.Volatile.Write(ref location, value);
}
