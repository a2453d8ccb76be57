namespace Ipc.Benchmarks.Api;

/// <summary>The same to a listener that yields.</summary>
[Message("bench.yield")]
public partial record struct YieldEcho(Guid Id, decimal Amount, long Number, MessageBytes Data) : IRequestMessage<YieldEcho>, IEcho<YieldEcho>
{
    int IEcho<YieldEcho>.DataLength => Data.Length;

    static YieldEcho IEcho<YieldEcho>.Create(long number, ReadOnlyMemory<byte> data) => new(EchoContent.Id, EchoContent.Amount, number, data);
}
