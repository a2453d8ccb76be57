using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ipc.Serialization;

/// <summary>Reads MessagePack from contiguous bytes that may be anything. Not safe for several threads; pass it by reference.</summary>
/// <remarks>
/// Every member throws <see cref="MessageFormatException"/>, and nothing else, for bad bytes. Every length is checked against the bytes that are left before
/// anything is allocated, and all arrays and maps of one message together may not claim more elements than the message has bytes: so nested lies stay bounded too.
/// After an exception the reader's position is undefined. Format: https://github.com/msgpack/msgpack/blob/master/spec.md.
/// </remarks>
public ref partial struct MessagePackReader
{
    /// <summary>How deep values may be nested in each other unless the constructor is told otherwise.</summary>
    public const int DefaultMaximumDepth = 64;

    private readonly ReadOnlySpan<byte> _data;
    private readonly MessageBytesOwner? _owner;
    private readonly int _maximumDepth;
    private int _position;
    private int _depth;
    private int _elementsLeft;

    /// <summary>Starts reading at the first byte of <paramref name="data"/>.</summary>
    /// <param name="data">The bytes; must not change while they are read.</param>
    public MessagePackReader(ReadOnlySpan<byte> data)
    {
        _data = data;
        _maximumDepth = DefaultMaximumDepth;
        _elementsLeft = data.Length;
    }

    /// <summary>Starts reading at the first byte of <paramref name="data"/>.</summary>
    /// <param name="data">The bytes; must not change while they are read.</param>
    /// <param name="maximumDepth">How deep values may be nested, 1 to 512.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumDepth"/> is outside its bounds.</exception>
    public MessagePackReader(ReadOnlySpan<byte> data, int maximumDepth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumDepth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumDepth, 512);
        _data = data;
        _maximumDepth = maximumDepth;
        _elementsLeft = data.Length;
    }

    /// <summary>Starts reading a message that is being handled.</summary>
    /// <param name="data">The bytes; must not change while they are read.</param>
    /// <param name="owner">Lends parts of them.</param>
    internal MessagePackReader(ReadOnlySpan<byte> data, MessageBytesOwner? owner)
        : this(data)
    {
        _owner = owner;
    }

    /// <summary>The bytes that have not been read.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _data[_position..];

    /// <summary>How many bytes have been read.</summary>
    public readonly int Position => _position;

    /// <summary>Whether all bytes have been read.</summary>
    public readonly bool End => _position == _data.Length;

    /// <summary>The kind of the next value; <see cref="MessagePackKind.Invalid"/> at the end.</summary>
    public readonly MessagePackKind NextKind =>
        (uint)_position < (uint)_data.Length ? MessagePackCode.KindOf(_data[_position]) : MessagePackKind.Invalid;

    /// <summary>Whether the next value is nil; false at the end.</summary>
    public readonly bool IsNil => (uint)_position < (uint)_data.Length && _data[_position] == MessagePackCode.Nil;

    /// <summary>Whether the next value is a whole number in the one encoding that may not fit into a <see cref="long"/>.</summary>
    internal readonly bool IsUnsignedInteger => (uint)_position < (uint)_data.Length && _data[_position] == MessagePackCode.UInt64;

    /// <summary>Whether the next value is a 32-bit floating-point number.</summary>
    internal readonly bool IsSingle => (uint)_position < (uint)_data.Length && _data[_position] == MessagePackCode.Float32;

    /// <summary>Enters an object that may contain objects; pair it with <see cref="Ascend"/>.</summary>
    /// <exception cref="MessageFormatException">The message is nested too deep.</exception>
    public void Descend()
    {
        if (++_depth > _maximumDepth)
        {
            MessagePackErrors.TooDeep(_maximumDepth);
        }
    }

    /// <summary>Leaves an object that <see cref="Descend"/> entered.</summary>
    public void Ascend() => _depth--;

    /// <summary>Refuses bytes behind the value: newer versions of a type add members inside its array or map, never behind it.</summary>
    /// <exception cref="MessageFormatException">Not all bytes have been read.</exception>
    internal readonly void ExpectEnd()
    {
        if (!End)
        {
            MessagePackErrors.Trailing(_data.Length - _position);
        }
    }

    /// <summary>Reads nil if it is next.</summary>
    /// <returns>Whether it was; if not, nothing has been read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNil()
    {
        if ((uint)_position < (uint)_data.Length && _data[_position] == MessagePackCode.Nil)
        {
            _position++;
            return true;
        }

        return false;
    }

    /// <summary>Reads nil.</summary>
    /// <exception cref="MessageFormatException">Something else is next.</exception>
    public void ReadNil()
    {
        if (!TryReadNil())
        {
            MessagePackErrors.WrongKind(_position, PeekCode(), "nil");
        }
    }

    /// <summary>Reads true or false.</summary>
    /// <exception cref="MessageFormatException">Something else is next.</exception>
    public bool ReadBoolean()
    {
        byte code = PeekCode();
        if ((code & 0xFE) != MessagePackCode.False)
        {
            MessagePackErrors.WrongKind(_position, code, "a boolean");
        }

        _position++;
        return code == MessagePackCode.True;
    }

    /// <summary>Reads the length of an array; its elements follow.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or more elements are claimed than the message has bytes for.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadArrayHeader()
    {
        if ((uint)_position < (uint)_data.Length)
        {
            int count = _data[_position] ^ MessagePackCode.FixArray;
            if (count <= 15 && count <= _elementsLeft)
            {
                _position++;
                _elementsLeft -= count;
                return count;
            }
        }

        return ReadHeaderSlow(isMap: false);
    }

    /// <summary>Reads the size of a map; its keys and values follow in turn.</summary>
    /// <returns>The number of pairs.</returns>
    /// <exception cref="MessageFormatException">Something else is next, or more pairs are claimed than the message has bytes for.</exception>
    public int ReadMapHeader() => ReadHeaderSlow(isMap: true);

    /// <summary>Reads bytes; the span is valid as long as the message is.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or fewer bytes are left than announced.</exception>
    public ReadOnlySpan<byte> ReadBinary()
    {
        byte code = PeekCode();
        int start = _position;
        uint length = code switch
        {
            MessagePackCode.Bin8 => ReadLength8(),
            MessagePackCode.Bin16 => ReadLength16(),
            MessagePackCode.Bin32 => ReadLength32(),
            _ => Wrong(start, code, "bytes"),
        };
        return Take(length);
    }

    /// <summary>Reads bytes into an array of their own; nil is <see langword="null"/>.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or fewer bytes are left than announced.</exception>
    public byte[]? ReadBytes() => TryReadNil() ? null : ReadBinaryArray();

    /// <summary>Reads bytes into an array of their own.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or fewer bytes are left than announced.</exception>
    public byte[] ReadBinaryArray() => OwnBytes.Copy(ReadBinary());

    /// <summary>Reads bytes that stay where they are, when this is the message of a listener; otherwise they are copied into an array of their own.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or fewer bytes are left than announced.</exception>
    public MessageBytes ReadMessageBytes()
    {
        ReadOnlySpan<byte> bytes = ReadBinary();
        return bytes.IsEmpty ? default
            : _owner is not null && _owner.TryLend(_data, _position - bytes.Length, bytes.Length, out MessageBytes lent) ? lent
            : OwnBytes.Copy(bytes);
    }

    /// <summary>Reads an extension value; its bytes are valid as long as the message is.</summary>
    /// <param name="type">Its type.</param>
    /// <exception cref="MessageFormatException">Something else is next, or fewer bytes are left than announced.</exception>
    public ReadOnlySpan<byte> ReadExtension(out sbyte type)
    {
        byte code = PeekCode();
        int start = _position;
        uint length;
        switch (code)
        {
            case >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16:
                _position++;
                length = 1u << (code - MessagePackCode.FixExt1);
                break;
            case MessagePackCode.Ext8:
                length = ReadLength8();
                break;
            case MessagePackCode.Ext16:
                length = ReadLength16();
                break;
            case MessagePackCode.Ext32:
                length = ReadLength32();
                break;
            default:
                length = Wrong(start, code, "an extension");
                break;
        }

        type = (sbyte)Take(1)[0];
        return Take(length);
    }

    /// <summary>Reads one whole value of any kind and returns its bytes, which are valid as long as the message is.</summary>
    /// <exception cref="MessageFormatException">No whole value is next, or it is nested too deep.</exception>
    public ReadOnlySpan<byte> ReadRaw()
    {
        int start = _position;
        Skip();
        return _data[start.._position];
    }

    /// <summary>Passes over one whole value of any kind.</summary>
    /// <exception cref="MessageFormatException">No whole value is next, or it is nested too deep.</exception>
    public void Skip()
    {
        byte code = PeekCode();
        switch (MessagePackCode.KindOf(code))
        {
            case MessagePackKind.Nil or MessagePackKind.Boolean:
                _position++;
                break;
            case MessagePackKind.Integer:
                SkipNumber(code is <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt ? 1 : 1 + (1 << (code & 3)));
                break;
            case MessagePackKind.Float:
                SkipNumber(code == MessagePackCode.Float32 ? 5 : 9);
                break;
            case MessagePackKind.String:
                ReadUtf8();
                break;
            case MessagePackKind.Binary:
                ReadBinary();
                break;
            case MessagePackKind.Extension:
                ReadExtension(out _);
                break;
            case MessagePackKind.Array:
                SkipMany(ReadArrayHeader());
                break;
            case MessagePackKind.Map:
                SkipMany(2L * ReadMapHeader());
                break;
            default:
                MessagePackErrors.WrongKind(_position, code, "a value");
                break;
        }
    }

    private void SkipMany(long count)
    {
        Descend();
        for (; count > 0; count--)
        {
            Skip();
        }

        Ascend();
    }

    private void SkipNumber(int size)
    {
        if (_data.Length - _position < size)
        {
            MessagePackErrors.Truncated(_position, size, _data.Length - _position);
        }

        _position += size;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadHeaderSlow(bool isMap)
    {
        int start = _position;
        byte code = PeekCode();
        byte fix = isMap ? MessagePackCode.FixMap : MessagePackCode.FixArray;
        uint count;
        if ((code & 0xF0) == fix)
        {
            _position++;
            count = (uint)(code & 0x0F);
        }
        else if (code == (isMap ? MessagePackCode.Map16 : MessagePackCode.Array16))
        {
            count = ReadLength16();
        }
        else if (code == (isMap ? MessagePackCode.Map32 : MessagePackCode.Array32))
        {
            count = ReadLength32();
        }
        else
        {
            count = Wrong(start, code, isMap ? "a map" : "an array");
        }

        long elements = isMap ? 2L * count : count;
        if (elements > _elementsLeft || elements > _data.Length - _position)
        {
            MessagePackErrors.TooManyElements(start, count);
        }

        _elementsLeft -= (int)elements;
        return (int)count;
    }

    /// <summary>The next byte, which is not read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte PeekCode()
    {
        if ((uint)_position >= (uint)_data.Length)
        {
            MessagePackErrors.Truncated(_position, 1, 0);
        }

        return _data[_position];
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        ReadOnlySpan<byte> rest = _data[_position..];
        if (length > (uint)rest.Length)
        {
            MessagePackErrors.Truncated(_position, length, rest.Length);
        }

        _position += (int)length;
        return rest[..(int)length];
    }

    /// <summary>The bytes of a fixed-size value behind its code, which is read too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> TakeBehindCode(int size)
    {
        ReadOnlySpan<byte> rest = _data[_position..];
        if (rest.Length <= size)
        {
            MessagePackErrors.Truncated(_position, size + 1, rest.Length);
        }

        _position += size + 1;
        return rest.Slice(1, size);
    }

    private uint ReadLength8() => TakeBehindCode(1)[0];

    private uint ReadLength16() => BinaryPrimitives.ReadUInt16BigEndian(TakeBehindCode(2));

    private uint ReadLength32() => BinaryPrimitives.ReadUInt32BigEndian(TakeBehindCode(4));

    private static uint Wrong(int position, byte code, string expected)
    {
        MessagePackErrors.WrongKind(position, code, expected);
        return 0;
    }
}
