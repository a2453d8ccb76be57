using System.Buffers.Binary;
using System.Text;

namespace Ipc.Codec.Benchmarks;

/// <summary>The same bytes by a loop that knows the message and trusts the input: what a generated serializer is measured against.</summary>
internal static class HandWritten
{
    public static int Write(Span<byte> output, Small message)
    {
        int position = 0;
        output[position++] = 0x94;
        position += WriteInteger(output[position..], message.Id);
        int count = Encoding.UTF8.GetBytes(message.Name, output[(position + 1)..]);
        output[position] = count <= 31 ? (byte)(0xA0 | count) : throw new ArgumentException("Too long.", nameof(message));
        position += 1 + count;
        position += WriteInteger(output[position..], message.Stamp);
        output[position++] = 0xCB;
        BinaryPrimitives.WriteDoubleBigEndian(output[position..], message.Value);
        return position + 8;
    }

    public static Small Read(ReadOnlySpan<byte> input)
    {
        int position = 0;
        Expect(input[position++], 0x94);
        int id = checked((int)ReadInteger(input, ref position));
        int count = input[position++] & 0x1F;
        string name = Encoding.UTF8.GetString(input.Slice(position, count));
        position += count;
        long stamp = ReadInteger(input, ref position);
        Expect(input[position++], 0xCB);
        return new Small(id, name, stamp, BinaryPrimitives.ReadDoubleBigEndian(input[position..]));
    }

    private static void Expect(byte actual, byte expected)
    {
        if (actual != expected)
        {
            throw new FormatException();
        }
    }

    private static int WriteInteger(Span<byte> output, long value)
    {
        switch (value)
        {
            case >= -32 and <= 127:
                output[0] = (byte)value;
                return 1;
            case >= 0 and <= byte.MaxValue:
                output[0] = 0xCC;
                output[1] = (byte)value;
                return 2;
            case >= 0 and <= ushort.MaxValue:
                output[0] = 0xCD;
                BinaryPrimitives.WriteUInt16BigEndian(output[1..], (ushort)value);
                return 3;
            case >= 0 and <= uint.MaxValue:
                output[0] = 0xCE;
                BinaryPrimitives.WriteUInt32BigEndian(output[1..], (uint)value);
                return 5;
            default:
                output[0] = value < 0 ? (byte)0xD3 : (byte)0xCF;
                BinaryPrimitives.WriteInt64BigEndian(output[1..], value);
                return 9;
        }
    }

    private static long ReadInteger(ReadOnlySpan<byte> input, ref int position)
    {
        byte code = input[position++];
        ReadOnlySpan<byte> rest = input[position..];
        switch (code)
        {
            case <= 0x7F or >= 0xE0:
                return (sbyte)code;
            case 0xCC:
                position += 1;
                return rest[0];
            case 0xCD:
                position += 2;
                return BinaryPrimitives.ReadUInt16BigEndian(rest);
            case 0xCE:
                position += 4;
                return BinaryPrimitives.ReadUInt32BigEndian(rest);
            case 0xCF or 0xD3:
                position += 8;
                return BinaryPrimitives.ReadInt64BigEndian(rest);
            default:
                throw new FormatException();
        }
    }
}
