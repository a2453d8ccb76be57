namespace Ipc.Benchmarks.Api;

/// <summary>The smallest message, 16 bytes of members and nothing else: unmanaged, so that neither side need allocate.</summary>
[Message("bench.echo.small")]
public partial record struct SmallEcho(long Number, long Stamp) : IRequestMessage<SmallEcho>, IEcho<SmallEcho>
{
    int IEcho<SmallEcho>.DataLength => 0;

    static SmallEcho IEcho<SmallEcho>.Create(long number, ReadOnlyMemory<byte> data) => new(number, EchoContent.Stamp);
}
