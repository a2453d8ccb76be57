using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>The listeners that wait for a request, as bytes that may come from anybody.</summary>
public sealed class CallChainTests
{
    private static readonly PeerId A = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId B = PeerId.Worker("worker", 1, 1);

    [Fact]
    public void A_cycle_is_the_part_of_the_chain_from_the_waiting_listener_on()
    {
        CallChain chain = CallChain.StartingWith(PeerId.Supervisor).Append(A, "x", 1).Append(B, "y", 2).Append(A, "x", 3);

        Assert.Equal("worker/1#1 \"y\" -> worker/0#1 \"x\" -> worker/1#1 \"y\"", CallChain.Read(chain.Bytes).FindCycle(B, A, 2, "y"));
    }

    [Fact]
    public void Another_message_another_sender_another_incarnation_and_another_peer_are_no_cycle()
    {
        CallChain chain = CallChain.StartingWith(PeerId.Supervisor).Append(A, "x", 1).Append(B, "y", 2);

        Assert.NotNull(chain.FindCycle(B, A, 2, "y"));
        Assert.Null(chain.FindCycle(B, A, 3, "y"));
        Assert.Null(chain.FindCycle(B, PeerId.Supervisor, 2, "y"));
        Assert.Null(chain.FindCycle(B with { Incarnation = 2 }, A, 2, "y"));
        Assert.Null(chain.FindCycle(A, A, 2, "y"));
    }

    [Fact]
    public void A_long_chain_loses_its_oldest_calls_and_stays_readable()
    {
        CallChain chain = CallChain.StartingWith(PeerId.Supervisor);
        for (int i = 1; i <= 1000; i++)
        {
            chain = CallChain.Read(chain.Append(i % 2 == 0 ? A : B, new string('x', 10_000), i).Bytes);
        }

        Assert.InRange(chain.Bytes.Length, 1, CallChain.MaxSize);
        Assert.NotNull(chain.FindCycle(A, B, 1000, "x"));
        Assert.NotNull(chain.FindCycle(A, B, 1000 - CallChain.MaxCalls + 2, "x"));
        Assert.Null(chain.FindCycle(A, B, 2, "x"));
    }

    [Fact]
    public void Bytes_that_are_no_chain_are_refused()
    {
        CallChain longest = CallChain.StartingWith(A);
        for (int i = 1; i < CallChain.MaxCalls; i++)
        {
            longest = longest.Append(B, "x", i);
        }

        Assert.Throws<MessageFormatException>(() => CallChain.Read([.. longest.Bytes, .. CallChain.StartingWith(A).Bytes]));
        Assert.Throws<MessageFormatException>(() => CallChain.Read([0x95, 1, 1, 1, 1, 1]));
        Assert.Throws<MessageFormatException>(() => CallChain.Read([0xc1]));
        byte[] whole = longest.Bytes.ToArray();
        var random = new Random(20261128);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = whole[..random.Next(whole.Length)];
            for (int flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                CallChain.Read(bytes).FindCycle(A, B, 1, "x");
            }
            catch (MessageFormatException)
            {
                // The only way to refuse.
            }
        }
    }

    [Fact]
    public void Headers_and_chain_go_side_by_side()
    {
        using var output = new PooledBufferWriter();
        var headers = new MessageHeaders(new Dictionary<string, string> { ["key"] = "value" });
        FrameEncoder.Write(output, new FrameHeader(FrameKind.Request, FrameFlags.None, 1, 2, 3), headers, new NoBody(), CallChain.StartingWith(A).Append(B, "y", 7));

        Assert.True(FrameHeader.TryRead(output.WrittenSpan, out FrameHeader header, out int bodyOffset));
        Assert.Equal(FrameFlags.Headers | FrameFlags.Chain, header.Flags);
        Assert.Equal("value", FrameEncoder.ReadHeaders(output.WrittenSpan, header, bodyOffset)!["key"]);
        Assert.NotNull(FrameEncoder.ReadChain(output.WrittenSpan, header, bodyOffset)!.FindCycle(B, A, 7, "y"));
        Assert.Equal([0xc0], output.WrittenSpan[bodyOffset..].ToArray());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void A_part_that_claims_more_than_there_is_is_refused(int length)
    {
        byte[] frame = new byte[FrameHeader.Size + sizeof(int)];
        var header = new FrameHeader(FrameKind.Request, FrameFlags.Chain, 1, 2, 3);
        header.Write(frame, frame.Length);
        BitConverter.TryWriteBytes(frame.AsSpan(FrameHeader.Size), length);

        Assert.Throws<MessageFormatException>(() => FrameEncoder.ReadChain(frame, header, frame.Length));
        Assert.Throws<MessageFormatException>(() => FrameEncoder.ReadChain(frame, header, FrameHeader.Size));
    }

    private readonly struct NoBody : IFrameBody
    {
        public void Write(ref MessagePackWriter writer) => writer.WriteNil();
    }
}
