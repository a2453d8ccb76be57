using System.Runtime.CompilerServices;

namespace Ipc.Serialization;

/// <content>Whole numbers: the smallest encoding that holds the value; what is not negative is written unsigned.</content>
public ref partial struct MessagePackWriter
{
    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value) => Write((uint)value);

    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(sbyte value) => Write((int)value);

    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(short value) => Write((int)value);

    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ushort value) => Write((uint)value);

    /// <summary>Writes a UTF-16 unit as a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(char value) => Write((uint)value);

    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(int value)
    {
        if ((uint)value <= MessagePackCode.MaxFixInt && (uint)_position < (uint)_span.Length)
        {
            _span[_position++] = (byte)value;
            return;
        }

        if (value >= 0)
        {
            WriteLarger((ulong)value);
        }
        else
        {
            WriteNegative(value);
        }
    }

    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint value)
    {
        if (value <= MessagePackCode.MaxFixInt && (uint)_position < (uint)_span.Length)
        {
            _span[_position++] = (byte)value;
            return;
        }

        WriteLarger((ulong)value);
    }

    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(long value)
    {
        if ((ulong)value <= MessagePackCode.MaxFixInt && (uint)_position < (uint)_span.Length)
        {
            _span[_position++] = (byte)value;
            return;
        }

        if (value >= 0)
        {
            WriteLarger((ulong)value);
        }
        else
        {
            WriteNegative(value);
        }
    }

    /// <summary>Writes a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ulong value)
    {
        if (value <= MessagePackCode.MaxFixInt && (uint)_position < (uint)_span.Length)
        {
            _span[_position++] = (byte)value;
            return;
        }

        WriteLarger(value);
    }

    private void WriteNegative(long value)
    {
        ref byte start = ref Reserve(LargestPrimitive);
        if (value >= -32)
        {
            start = (byte)value;
            _position++;
        }
        else if (value >= sbyte.MinValue)
        {
            start = MessagePackCode.Int8;
            Unsafe.Add(ref start, 1) = (byte)value;
            _position += 2;
        }
        else if (value >= short.MinValue)
        {
            start = MessagePackCode.Int16;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian((ushort)value));
            _position += 3;
        }
        else if (value >= int.MinValue)
        {
            start = MessagePackCode.Int32;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian((uint)value));
            _position += 5;
        }
        else
        {
            start = MessagePackCode.Int64;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian((ulong)value));
            _position += 9;
        }
    }

    private void WriteLarger(ulong value)
    {
        ref byte start = ref Reserve(LargestPrimitive);
        if (value <= MessagePackCode.MaxFixInt)
        {
            start = (byte)value;
            _position++;
        }
        else if (value <= byte.MaxValue)
        {
            start = MessagePackCode.UInt8;
            Unsafe.Add(ref start, 1) = (byte)value;
            _position += 2;
        }
        else if (value <= ushort.MaxValue)
        {
            start = MessagePackCode.UInt16;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian((ushort)value));
            _position += 3;
        }
        else if (value <= uint.MaxValue)
        {
            start = MessagePackCode.UInt32;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian((uint)value));
            _position += 5;
        }
        else
        {
            start = MessagePackCode.UInt64;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian(value));
            _position += 9;
        }
    }
}
