namespace Ipc.Benchmarks.Api;

/// <summary>What all messages carry beside number and bytes.</summary>
internal static class EchoContent
{
    /// <summary>Bytes of the fixed members of the messages with data.</summary>
    public const int FixedSize = 56;

    public static readonly Guid Id = Guid.NewGuid();

    public const decimal Amount = 12.5m;

    public const long Stamp = 1_700_000_000_000;

    /// <summary>The data that makes a message so large.</summary>
    public static byte[] DataOf(int size) => new byte[Math.Max(0, size - FixedSize)];
}
