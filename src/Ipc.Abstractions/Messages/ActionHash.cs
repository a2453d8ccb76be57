using System.Text;

namespace Ipc;

/// <summary>The 64-bit number that stands for an action in a frame's header.</summary>
/// <remarks>FNV-1a over the action's UTF-8 bytes (Fowler, Noll, Vo; offset basis 0xCBF29CE484222325, prime 0x100000001B3). Two actions of one program that collide are refused when its tables are joined.</remarks>
public static class ActionHash
{
    private const ulong OffsetBasis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    /// <summary>Computes the hash of <paramref name="action"/>.</summary>
    /// <param name="action">The action, for example <c>order.placed</c>.</param>
    /// <returns>The hash; the same on every machine and in every version.</returns>
    public static ulong Compute(string action)
    {
        ArgumentNullException.ThrowIfNull(action);
        ulong hash = OffsetBasis;
        foreach (byte b in Encoding.UTF8.GetBytes(action))
        {
            hash = (hash ^ b) * Prime;
        }

        return hash;
    }
}
