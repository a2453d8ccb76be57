using System.Buffers.Binary;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings.Tests;

/// <summary>What docs/wire-format.md says of versions: a reader takes the one that it knows, and of that version only what it knows.</summary>
public sealed class VersionTests
{
    [Theory]
    [InlineData(RingLayout.MagicOffset)]
    [InlineData(RingLayout.VersionOffset)]
    public void A_ring_of_another_version_is_used_at_neither_end(int offset)
    {
        using RingSegment ring = RingSegment.Create(5, Link.Sender, Link.Receiver, LaneKind.Inbox, new TransportLimits());
        ChangeByte(Link.Duplicate(ring.Descriptor), ring.Length, offset);

        foreach (RingRole role in (RingRole[])[RingRole.Writer, RingRole.Reader])
        {
            using var segment = SharedSegment.Open(Link.Duplicate(ring.Descriptor), ring.Length);
            Assert.Equal(SharedMemoryFailure.NotAsAgreed, Assert.Throws<SharedMemoryException>(() => RingMemory.Map(segment, role)).Failure);
        }
    }

    [Theory]
    [InlineData(LedgerLayout.MagicOffset)]
    [InlineData(LedgerLayout.VersionOffset)]
    public void A_ledger_of_another_version_is_not_used(int offset)
    {
        using LedgerSegment ledger = LedgerSegment.Create();
        ChangeByte(Link.Duplicate(ledger.Descriptor), ledger.Length, offset);

        Assert.Equal(SharedMemoryFailure.NotAsAgreed, Assert.Throws<SharedMemoryException>(() => LedgerSegment.Open(Link.Duplicate(ledger.Descriptor), ledger.Length, 1)).Failure);
    }

    [Theory]
    [InlineData(0, 1)] // version
    [InlineData(1, 0)] // kind
    [InlineData(1, 11)]
    [InlineData(2, 128)] // flags
    [InlineData(3, 1)]
    [InlineData(4, 31)] // where the body begins
    [InlineData(4, 38)]
    public void A_frame_of_which_something_is_not_known_is_no_frame(int offset, byte value)
    {
        byte[] frame = Wait.Frame(7, 37);
        Assert.True(FrameHeader.TryRead(frame, out _, out _));
        frame[offset] = value;

        Assert.False(FrameHeader.TryRead(frame, out _, out _));
    }

    [Fact]
    public void A_frame_has_its_parts_where_the_page_says()
    {
        byte[] frame = new byte[37];
        new FrameHeader(FrameKind.Request, FrameFlags.Chain | FrameFlags.NoValue, 0x0102030405060708, -2, 99).Write(frame, 35);

        Assert.Equal([2, 2], frame[..2]);
        Assert.Equal(4 + 32, BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(2)));
        Assert.Equal(35, BinaryPrimitives.ReadInt32LittleEndian(frame.AsSpan(4)));
        Assert.Equal(0x0102030405060708ul, BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(8)));
        Assert.Equal(-2, BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(16)));
        Assert.Equal(99, BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(24)));
    }

    private static unsafe void ChangeByte(Microsoft.Win32.SafeHandles.SafeFileHandle descriptor, int length, int offset)
    {
        using var segment = SharedSegment.Open(descriptor, length);
        using MappedMemory page = MappedMemory.Map(segment, 0..RingLayout.PageSize);
        page.Address[offset]++;
    }
}
