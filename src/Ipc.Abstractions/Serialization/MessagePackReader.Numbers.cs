using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipc.Serialization;

/// <content>Numbers: every encoding that holds a value of the asked type is accepted, whatever its size.</content>
public ref partial struct MessagePackReader
{
    private const int LargestNumber = 9;

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    public byte ReadByte()
    {
        int start = _position;
        ulong value = ReadUInt64();
        return value <= byte.MaxValue ? (byte)value : (byte)OutOfRange(start, "a byte");
    }

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    public sbyte ReadSByte()
    {
        int start = _position;
        long value = ReadInt64();
        return value is >= sbyte.MinValue and <= sbyte.MaxValue ? (sbyte)value : (sbyte)OutOfRange(start, "a signed byte");
    }

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    public short ReadInt16()
    {
        int start = _position;
        long value = ReadInt64();
        return value is >= short.MinValue and <= short.MaxValue ? (short)value : (short)OutOfRange(start, "16 bits");
    }

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    public ushort ReadUInt16()
    {
        int start = _position;
        ulong value = ReadUInt64();
        return value <= ushort.MaxValue ? (ushort)value : (ushort)OutOfRange(start, "16 bits without sign");
    }

    /// <summary>Reads a UTF-16 unit from a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    public char ReadChar() => (char)ReadUInt16();

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadInt32()
    {
        if ((uint)_position < (uint)_data.Length && _data[_position] <= MessagePackCode.MaxFixInt)
        {
            return _data[_position++];
        }

        return ReadInt32Slow();
    }

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    public uint ReadUInt32()
    {
        int start = _position;
        ulong value = ReadUInt64();
        return value <= uint.MaxValue ? (uint)value : (uint)OutOfRange(start, "32 bits without sign");
    }

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadInt64()
    {
        if ((uint)_position < (uint)_data.Length && _data[_position] <= MessagePackCode.MaxFixInt)
        {
            return _data[_position++];
        }

        return ReadInt64Slow();
    }

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64()
    {
        if ((uint)_position < (uint)_data.Length && _data[_position] <= MessagePackCode.MaxFixInt)
        {
            return _data[_position++];
        }

        return ReadUInt64Slow();
    }

    /// <summary>Reads a floating-point number; a 64-bit one is rounded, a whole number is converted.</summary>
    /// <exception cref="MessageFormatException">Something else is next.</exception>
    public float ReadSingle() => PeekCode() == MessagePackCode.Float32
        ? BinaryPrimitives.ReadSingleBigEndian(TakeBehindCode(4))
        : (float)ReadDouble();

    /// <summary>Reads a floating-point number; a whole number is converted.</summary>
    /// <exception cref="MessageFormatException">Something else is next.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ReadDouble()
    {
        if (_data.Length - _position >= 9 && _data[_position] == MessagePackCode.Float64)
        {
            double value = BinaryPrimitives.ReadDoubleBigEndian(_data.Slice(_position + 1, 8));
            _position += 9;
            return value;
        }

        return ReadDoubleSlow();
    }

    /// <summary>Reads a <see cref="Half"/> from a floating-point or whole number, rounded.</summary>
    /// <exception cref="MessageFormatException">Something else is next.</exception>
    public Half ReadHalf() => (Half)ReadSingle();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadInt32Slow()
    {
        int start = _position;
        long value = ReadInt64Larger();
        return value == (int)value ? (int)value : (int)OutOfRange(start, "32 bits");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ReadInt64Slow() => ReadInt64Larger();

    /// <summary>Reads a whole number of any size: at once where the largest would fit, byte by byte of checking at the end of the message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long ReadInt64Larger()
    {
        if (_data.Length - _position < LargestNumber)
        {
            return ReadInt64AtEnd();
        }

        ref byte start = ref Unsafe.Add(ref MemoryMarshal.GetReference(_data), _position);
        ref byte behind = ref Unsafe.Add(ref start, 1);
        switch (start)
        {
            case MessagePackCode.UInt8:
                _position += 2;
                return behind;
            case MessagePackCode.UInt16:
                _position += 3;
                return FromBigEndian(Unsafe.ReadUnaligned<ushort>(ref behind));
            case MessagePackCode.UInt32:
                _position += 5;
                return FromBigEndian(Unsafe.ReadUnaligned<uint>(ref behind));
            case MessagePackCode.UInt64:
                long large = FromBigEndian(Unsafe.ReadUnaligned<long>(ref behind));
                if (large < 0)
                {
                    return OutOfRange(_position, "64 bits");
                }

                _position += 9;
                return large;
            case MessagePackCode.Int8:
                _position += 2;
                return (sbyte)behind;
            case MessagePackCode.Int16:
                _position += 3;
                return FromBigEndian(Unsafe.ReadUnaligned<short>(ref behind));
            case MessagePackCode.Int32:
                _position += 5;
                return FromBigEndian(Unsafe.ReadUnaligned<int>(ref behind));
            case MessagePackCode.Int64:
                _position += 9;
                return FromBigEndian(Unsafe.ReadUnaligned<long>(ref behind));
            default:
                return ReadInt64AtEnd();
        }
    }

    /// <summary>Reads a whole number when fewer bytes are left than the largest has; also tells what is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ReadInt64AtEnd()
    {
        byte code = PeekCode();
        switch (code)
        {
            case <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt:
                _position++;
                return (sbyte)code;
            case MessagePackCode.UInt8:
                return TakeBehindCode(1)[0];
            case MessagePackCode.UInt16:
                return BinaryPrimitives.ReadUInt16BigEndian(TakeBehindCode(2));
            case MessagePackCode.UInt32:
                return BinaryPrimitives.ReadUInt32BigEndian(TakeBehindCode(4));
            case MessagePackCode.UInt64:
                int start = _position;
                ulong large = BinaryPrimitives.ReadUInt64BigEndian(TakeBehindCode(8));
                return large <= long.MaxValue ? (long)large : OutOfRange(start, "64 bits");
            case MessagePackCode.Int8:
                return (sbyte)TakeBehindCode(1)[0];
            case MessagePackCode.Int16:
                return BinaryPrimitives.ReadInt16BigEndian(TakeBehindCode(2));
            case MessagePackCode.Int32:
                return BinaryPrimitives.ReadInt32BigEndian(TakeBehindCode(4));
            case MessagePackCode.Int64:
                return BinaryPrimitives.ReadInt64BigEndian(TakeBehindCode(8));
            default:
                return Wrong(_position, code, "a whole number");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadUInt64Slow()
    {
        if (PeekCode() == MessagePackCode.UInt64)
        {
            return BinaryPrimitives.ReadUInt64BigEndian(TakeBehindCode(8));
        }

        int start = _position;
        long value = ReadInt64Slow();
        return value >= 0 ? (ulong)value : (ulong)OutOfRange(start, "a number without sign");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double ReadDoubleSlow()
    {
        byte code = PeekCode();
        return code switch
        {
            MessagePackCode.Float64 => BinaryPrimitives.ReadDoubleBigEndian(TakeBehindCode(8)),
            MessagePackCode.Float32 => BinaryPrimitives.ReadSingleBigEndian(TakeBehindCode(4)),
            MessagePackCode.UInt64 => ReadUInt64Slow(),
            _ => MessagePackCode.KindOf(code) == MessagePackKind.Integer ? ReadInt64Slow() : Wrong(_position, code, "a number"),
        };
    }

    private static ushort FromBigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static short FromBigEndian(short value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static uint FromBigEndian(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static int FromBigEndian(int value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static long FromBigEndian(long value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static long OutOfRange(int position, string type)
    {
        MessagePackErrors.OutOfRange(position, type);
        return 0;
    }
}
