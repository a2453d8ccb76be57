namespace Ipc.Benchmarks.Api;

/// <summary>The smallest to a listener that yields.</summary>
[Message("bench.yield.small")]
public partial record struct SmallYieldEcho(long Number, long Stamp) : IRequestMessage<SmallYieldEcho>, IEcho<SmallYieldEcho>
{
    int IEcho<SmallYieldEcho>.DataLength => 0;

    static SmallYieldEcho IEcho<SmallYieldEcho>.Create(long number, ReadOnlyMemory<byte> data) => new(number, EchoContent.Stamp);
}
