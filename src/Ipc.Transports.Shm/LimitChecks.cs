using System.Text;
using Ipc.Transports.Rings;

namespace Ipc.Transports;

/// <summary>Refuses limits that cannot work, before anything is opened.</summary>
internal static class LimitChecks
{
    private const int SmallestMaxMessage = 1024;
    private const int LongestName = 64;
    private const int LargestBudget = 100_000;

    /// <summary>Throws when this platform or a limit does not do.</summary>
    public static void ThrowIfInvalid(TransportLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            throw new PlatformNotSupportedException("The processes of a cluster are connected by abstract Unix sockets: 64-bit Linux. Elsewhere set Ipc:Mode to InProcess.");
        }

        Check(limits.MaxMessageSize is >= SmallestMaxMessage and <= 1 << 30, nameof(limits.MaxMessageSize), limits.MaxMessageSize, "from 1 KiB to 1 GiB");
        CheckRing(limits.RingSize, nameof(limits.RingSize));
        CheckRing(limits.AnswerRingSize, nameof(limits.AnswerRingSize));
        Check(limits.SharedMemoryLimit >= 0, nameof(limits.SharedMemoryLimit), limits.SharedMemoryLimit, "not negative");
        CheckBudget(limits.SpinBudget, nameof(limits.SpinBudget));
        CheckBudget(limits.YieldBudget, nameof(limits.YieldBudget));
        Check(
            limits.HandshakeTimeout > TimeSpan.Zero && limits.HandshakeTimeout <= TimeSpan.FromDays(1),
            nameof(limits.HandshakeTimeout),
            limits.HandshakeTimeout,
            "more than nothing and at most a day");
    }

    /// <summary>Throws when a cluster's name does not fit the name of its socket.</summary>
    public static void ThrowIfInvalid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > LongestName || !Ascii.IsValid(name))
        {
            throw new ArgumentException($"Ipc:Endpoint is \"{name}\"; it must be at most {LongestName} ASCII characters.", nameof(name));
        }
    }

    private static void CheckRing(int size, string name) => Check(
        size >= RingLayout.MinCapacity && size <= 1 << 30 && int.IsPow2(size), name, size, $"a power of two from {RingLayout.MinCapacity} bytes to 1 GiB");

    private static void CheckBudget(int? budget, string name) =>
        Check(budget is null or (>= 0 and <= LargestBudget), name, budget ?? 0, $"from 0 to {LargestBudget}");

    private static void Check(bool isLegal, string name, object value, string bounds)
    {
        if (!isLegal)
        {
            throw new ArgumentException($"Ipc:{name} is {value}; it must be {bounds}.", name);
        }
    }
}
