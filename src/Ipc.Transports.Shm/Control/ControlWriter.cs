using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Ipc.Transports.Control;

/// <summary>Builds one control message.</summary>
internal sealed class ControlWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>Begins a message.</summary>
    /// <param name="type">What it says.</param>
    /// <param name="descriptors">How many descriptors go along.</param>
    public ControlWriter(ControlMessageType type, int descriptors = 0)
    {
        UInt32(0);
        Byte((byte)type);
        Byte((byte)descriptors);
        UInt16(0);
    }

    /// <summary>Writes a byte.</summary>
    public ControlWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    /// <summary>Writes a truth value.</summary>
    public ControlWriter Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes two bytes, little endian.</summary>
    public ControlWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
        return this;
    }

    /// <summary>Writes four bytes, little endian.</summary>
    public ControlWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    /// <summary>Writes eight bytes, little endian.</summary>
    public ControlWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    /// <summary>Writes bytes as they are.</summary>
    public ControlWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>Writes a length of two bytes and UTF-8, cut at <see cref="ControlProtocol.MaxTextSize"/>.</summary>
    public ControlWriter Text(string value)
    {
        while (Encoding.UTF8.GetByteCount(value) > ControlProtocol.MaxTextSize)
        {
            value = value[..(value.Length / 2)];
        }

        int count = Encoding.UTF8.GetByteCount(value);
        UInt16((ushort)count);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(count));
        _buffer.Advance(count);
        return this;
    }

    /// <summary>Writes a peer.</summary>
    public ControlWriter Peer(PeerId peer) =>
        Byte((byte)peer.Kind).Text(peer.Group).UInt32((uint)peer.WorkerId).UInt32((uint)peer.Incarnation);

    /// <summary>Ends the message.</summary>
    /// <returns>Header and payload.</returns>
    public byte[] ToMessage()
    {
        byte[] message = _buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length - ControlProtocol.HeaderSize);
        return message;
    }
}
