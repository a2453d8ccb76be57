namespace Ipc.Benchmarks.Api;

/// <summary>To a singleton listener: a Guid, a decimal, a long and the rest bytes, so that the members make the row's size.</summary>
[Message("bench.echo")]
public partial record struct Echo(Guid Id, decimal Amount, long Number, MessageBytes Data) : IRequestMessage<Echo>, IEcho<Echo>
{
    int IEcho<Echo>.DataLength => Data.Length;

    static Echo IEcho<Echo>.Create(long number, ReadOnlyMemory<byte> data) => new(EchoContent.Id, EchoContent.Amount, number, data);
}
