using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Ipc.Serialization;

/// <summary>Writes MessagePack into a buffer writer, always in the smallest encoding. Not safe for several threads; pass it by reference.</summary>
/// <remarks>
/// Writes into a span of the output and advances it only when the span is full and at <see cref="Flush"/>: without <see cref="Flush"/> the last bytes are lost.
/// The fast paths are inline; everything else is in methods of its own. Format: https://github.com/msgpack/msgpack/blob/master/spec.md.
/// </remarks>
public ref partial struct MessagePackWriter
{
    /// <summary>How deep objects may be nested in each other.</summary>
    public const int MaximumDepth = 64;

    private const int LargestPrimitive = 9;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _position;
    private int _depth;
    private long _advanced;

    /// <summary>Starts writing to <paramref name="output"/>.</summary>
    public MessagePackWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _span = output.GetSpan();
    }

    /// <summary>Bytes written so far, flushed or not.</summary>
    public readonly long BytesWritten => _advanced + _position;

    /// <summary>Hands what was written to the buffer writer; call once at the end.</summary>
    public void Flush()
    {
        _output.Advance(_position);
        _advanced += _position;
        _position = 0;
        _span = default;
    }

    /// <summary>Enters an object that may contain objects; pair it with <see cref="Ascend"/>.</summary>
    /// <exception cref="InvalidOperationException">More than <see cref="MaximumDepth"/> levels, as when an object contains itself.</exception>
    public void Descend()
    {
        if (++_depth > MaximumDepth)
        {
            MessagePackErrors.WriterTooDeep(MaximumDepth);
        }
    }

    /// <summary>Leaves an object that <see cref="Descend"/> entered.</summary>
    public void Ascend() => _depth--;

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    /// <summary>Writes true or false.</summary>
    public void Write(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>Writes a 32-bit floating-point number.</summary>
    public void Write(float value)
    {
        ref byte start = ref Reserve(5);
        start = MessagePackCode.Float32;
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian(BitConverter.SingleToUInt32Bits(value)));
        _position += 5;
    }

    /// <summary>Writes a 64-bit floating-point number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(double value)
    {
        ref byte start = ref Reserve(9);
        start = MessagePackCode.Float64;
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian(BitConverter.DoubleToUInt64Bits(value)));
        _position += 9;
    }

    /// <summary>Writes the length of an array; its elements follow.</summary>
    /// <param name="count">The number of elements, not negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteArrayHeader(int count)
    {
        if ((uint)count <= 15)
        {
            WriteByte((byte)(MessagePackCode.FixArray | count));
            return;
        }

        WriteHeader16Or32(count, MessagePackCode.Array16, MessagePackCode.Array32);
    }

    /// <summary>Writes the size of a map; its keys and values follow in turn.</summary>
    /// <param name="count">The number of pairs, not negative.</param>
    public void WriteMapHeader(int count)
    {
        if ((uint)count <= 15)
        {
            WriteByte((byte)(MessagePackCode.FixMap | count));
            return;
        }

        WriteHeader16Or32(count, MessagePackCode.Map16, MessagePackCode.Map32);
    }

    /// <summary>Writes bytes as a binary value.</summary>
    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        if (value.Length <= byte.MaxValue)
        {
            ref byte start = ref Reserve(2);
            start = MessagePackCode.Bin8;
            Unsafe.Add(ref start, 1) = (byte)value.Length;
            _position += 2;
        }
        else
        {
            WriteHeader16Or32(value.Length, MessagePackCode.Bin16, MessagePackCode.Bin32);
        }

        WriteRaw(value);
    }

    /// <summary>Writes bytes as a binary value, <see langword="null"/> as nil.</summary>
    public void WriteBinary(byte[]? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            WriteBinary((ReadOnlySpan<byte>)value);
        }
    }

    /// <summary>Writes an extension value.</summary>
    /// <param name="type">Its type; negative ones belong to the specification.</param>
    /// <param name="data">Its bytes.</param>
    public void WriteExtension(sbyte type, ReadOnlySpan<byte> data)
    {
        byte fixedCode = data.Length switch
        {
            1 => MessagePackCode.FixExt1,
            2 => MessagePackCode.FixExt2,
            4 => MessagePackCode.FixExt4,
            8 => MessagePackCode.FixExt8,
            16 => MessagePackCode.FixExt16,
            _ => 0,
        };
        if (fixedCode != 0)
        {
            WriteByte(fixedCode);
        }
        else if (data.Length <= byte.MaxValue)
        {
            WriteByte(MessagePackCode.Ext8);
            WriteByte((byte)data.Length);
        }
        else
        {
            WriteHeader16Or32(data.Length, MessagePackCode.Ext16, MessagePackCode.Ext32);
        }

        WriteByte((byte)type);
        WriteRaw(data);
    }

    /// <summary>Copies bytes that already are MessagePack.</summary>
    /// <param name="value">One or more whole values; not checked.</param>
    public void WriteRaw(scoped ReadOnlySpan<byte> value)
    {
        if (value.TryCopyTo(_span[_position..]))
        {
            _position += value.Length;
            return;
        }

        WriteRawInPieces(value);
    }

    /// <summary>Fills what is left of the span first, so that no output has to offer one huge span.</summary>
    private void WriteRawInPieces(scoped ReadOnlySpan<byte> value)
    {
        const int Piece = 64 * 1024;
        while (!value.IsEmpty)
        {
            if (_position == _span.Length)
            {
                Grow(Math.Min(value.Length, Piece));
            }

            int count = Math.Min(value.Length, _span.Length - _position);
            value[..count].CopyTo(_span[_position..]);
            _position += count;
            value = value[count..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteByte(byte value)
    {
        if ((uint)_position >= (uint)_span.Length)
        {
            Grow(LargestPrimitive);
        }

        _span[_position++] = value;
    }

    private void WriteHeader16Or32(int count, byte code16, byte code32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ref byte start = ref Reserve(5);
        if (count <= ushort.MaxValue)
        {
            start = code16;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian((ushort)count));
            _position += 3;
        }
        else
        {
            start = code32;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 1), BigEndian((uint)count));
            _position += 5;
        }
    }

    /// <summary>Makes room for <paramref name="size"/> bytes and returns where they begin; the caller moves <c>_position</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Reserve(int size)
    {
        if (_span.Length - _position < size)
        {
            Grow(size);
        }

        return ref Unsafe.Add(ref MemoryMarshal.GetReference(_span), _position);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        if (_position > 0)
        {
            _output.Advance(_position);
            _advanced += _position;
            _position = 0;
        }

        _span = _output.GetSpan(size);
        if (_span.Length < size)
        {
            throw new InvalidOperationException($"The buffer writer offers {_span.Length} bytes where {size} were asked for.");
        }
    }

    private static ushort BigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static uint BigEndian(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static ulong BigEndian(ulong value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
