namespace Ipc.Benchmarks.Api;

/// <summary>The same to a listener in a scope of its own.</summary>
[Message("bench.scoped")]
public partial record struct ScopedEcho(Guid Id, decimal Amount, long Number, MessageBytes Data) : IRequestMessage<ScopedEcho>, IEcho<ScopedEcho>
{
    int IEcho<ScopedEcho>.DataLength => Data.Length;

    static ScopedEcho IEcho<ScopedEcho>.Create(long number, ReadOnlyMemory<byte> data) => new(EchoContent.Id, EchoContent.Amount, number, data);
}
