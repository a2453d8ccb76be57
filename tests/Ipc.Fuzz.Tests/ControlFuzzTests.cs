using System.Buffers.Binary;
using Ipc.Transports;
using Ipc.Transports.Control;
using Ipc.Transports.Lanes;

namespace Ipc.Fuzz.Tests;

/// <summary>Payloads of the control connection: a message, or not one; nothing is thrown.</summary>
public sealed class ControlFuzzTests
{
    private static readonly byte[] Peer = [2, 3, 0, (byte)'w', (byte)'e', (byte)'b', 1, 0, 0, 0, 1, 0, 0, 0];
    private static readonly byte[] Greetings =
    [
        .. Number(ControlProtocol.Magic), (byte)ControlProtocol.Version, 0, .. Peer, .. new byte[ControlProtocol.SecretSize], .. Number(2), 1, 0, (byte)'a', 10, 0, .. "\u0003topic:a.>"u8,
    ];
    private static readonly byte[] Directory = [.. Number(7), 1, .. Number(2), .. Number(1), 1, 0, (byte)'a', .. Number(0), .. Number(2), .. Peer, 1, .. Number(0), .. Peer, 0, .. Number(1)];
    private static readonly byte[] Lane = [5, 0, 0, 0, 0, 0, 0, 0, 1, 1, .. Peer, .. Number(69_632)];

    [Fact]
    public void A_greeting_is_read_or_refused_with_a_reason() => Garbage.Feed(50_000, static garbage =>
    {
        if (!Greeting.TryRead(garbage.Bend(Greetings), out Greeting? greeting, out string error))
        {
            Assert.Null(greeting);
            Assert.NotEmpty(error);
        }
    });

    [Fact]
    public void A_directory_is_read_or_refused() => Garbage.Feed(
        50_000, static garbage => Assert.Equal(DirectoryMessage.TryRead(garbage.Bend(Directory), new ActionSets(), out PeerDirectory? directory, out _), directory is not null));

    [Fact]
    public void A_lane_s_description_is_read_or_refused() => Garbage.Feed(50_000, static garbage =>
    {
        var reader = new ControlReader(garbage.Bend(Lane));
        Assert.Equal(LaneDescription.TryRead(ref reader, out LaneDescription? description), description is not null);
    });

    private static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
