namespace Ipc.Benchmarks.Api;

/// <summary>The smallest to a listener in a scope of its own.</summary>
[Message("bench.scoped.small")]
public partial record struct SmallScopedEcho(long Number, long Stamp) : IRequestMessage<SmallScopedEcho>, IEcho<SmallScopedEcho>
{
    int IEcho<SmallScopedEcho>.DataLength => 0;

    static SmallScopedEcho IEcho<SmallScopedEcho>.Create(long number, ReadOnlyMemory<byte> data) => new(number, EchoContent.Stamp);
}
