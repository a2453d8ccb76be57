using System.Buffers;
using Ipc.Serialization;
using Xunit;

namespace Ipc.Abstractions.Tests.Messages;

/// <summary>Bytes outside of a listener: an array or memory of their own.</summary>
public sealed class MessageBytesTests
{
    [Fact]
    public void Bytes_are_equal_when_their_contents_are()
    {
        MessageBytes bytes = new byte[] { 1, 2, 3 };
        MessageBytes same = new ReadOnlyMemory<byte>([9, 1, 2, 3, 9], 1, 3);

        Assert.Equal(bytes, same);
        Assert.True(bytes == same && !(bytes != same) && bytes.Equals((object)same));
        Assert.Equal(bytes.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(bytes, new byte[] { 1, 2, 4 });
        Assert.NotEqual(bytes, new byte[] { 1, 2 });
        Assert.False(bytes.Equals("1, 2, 3"));
        Assert.Equal("3 bytes", bytes.ToString());
    }

    [Fact]
    public void No_bytes_are_the_default()
    {
        MessageBytes none = (byte[]?)null;

        Assert.Equal(default, none);
        Assert.Equal(default, (MessageBytes)Array.Empty<byte>());
        Assert.True(none.IsEmpty);
        Assert.Equal(0, none.Length);
        Assert.True(none.Span.IsEmpty);
        Assert.Empty(none.ToArray());
    }

    [Fact]
    public void Memory_that_is_no_array_is_read_where_it_is()
    {
        using var manager = new Manager([0, 1, 2, 3, 4]);
        MessageBytes bytes = (ReadOnlyMemory<byte>)manager.Memory[1..4];
        manager.Array[2] = 20;

        Assert.Equal(3, bytes.Length);
        Assert.Equal([1, 20, 3], bytes.Span.ToArray());
        Assert.Equal([1, 20, 3], bytes.ToArray());
    }

    [Fact]
    public void Copying_needs_room_for_all_bytes()
    {
        MessageBytes bytes = new byte[] { 1, 2, 3 };
        byte[] larger = new byte[5];

        bytes.CopyTo(larger.AsSpan(1));

        Assert.Equal([0, 1, 2, 3, 0], larger);
        Assert.Throws<ArgumentException>(() => bytes.CopyTo(new byte[2]));
    }

    [Fact]
    public void A_body_gives_an_array_of_its_own()
    {
        var body = MessageBody.From<MessageBytes>(new byte[] { 1, 2, 3 });

        Assert.Equal([0xC4, 3, 1, 2, 3], body.Bytes.ToArray());
        Assert.Equal([1, 2, 3], body.As<MessageBytes>().ToArray());
        Assert.Equal(default, MessageBody.From(Array.Empty<byte>()).As<MessageBytes>());
        Assert.Throws<MessageFormatException>(() => MessageBody.From("text").As<MessageBytes>());
    }

    private sealed class Manager(byte[] array) : MemoryManager<byte>
    {
        public byte[] Array => array;

        public override Span<byte> GetSpan() => array;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
