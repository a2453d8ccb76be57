using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Ipc.Serialization;

/// <content>Text, and the values of .NET that MessagePack has no kind for.</content>
public ref partial struct MessagePackReader
{
    private const long TicksToUnixEpoch = 621_355_968_000_000_000;
    private const int LargestOffsetMinutes = 14 * 60;

    /// <summary>Reads text; nil is <see langword="null"/>.</summary>
    /// <exception cref="MessageFormatException">Something else is next, fewer bytes are left than announced, or they are not UTF-8.</exception>
    public string? ReadString()
    {
        if (TryReadNil())
        {
            return null;
        }

        int start = _position;
        ReadOnlySpan<byte> text = ReadUtf8();
        if (text.IsEmpty)
        {
            return string.Empty;
        }

        string value = Encoding.UTF8.GetString(text);
        if (value.Contains('\uFFFD'))
        {
            CheckReplaced(text, start);
        }

        return value;
    }

    /// <summary>Bad bytes become U+FFFD in the decoder; whether they were bad, or this very character, only the bytes tell.</summary>
    private static void CheckReplaced(ReadOnlySpan<byte> text, int start)
    {
        if (!Utf8.IsValid(text))
        {
            MessagePackErrors.BadText(start, "UTF-8");
        }
    }

    /// <summary>Reads text as UTF-8 that has not been checked; the span is valid as long as the message is.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or fewer bytes are left than announced.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadUtf8()
    {
        if ((uint)_position < (uint)_data.Length)
        {
            int length = _data[_position] ^ MessagePackCode.FixString;
            if (length <= 31 && length < _data.Length - _position)
            {
                ReadOnlySpan<byte> text = _data.Slice(_position + 1, length);
                _position += length + 1;
                return text;
            }
        }

        return ReadUtf8Slow();
    }

    /// <summary>Reads a decimal from text or from a number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it is no decimal.</exception>
    public decimal ReadDecimal()
    {
        int start = _position;
        switch (NextKind)
        {
            case MessagePackKind.Integer:
                return PeekCode() == MessagePackCode.UInt64 ? ReadUInt64() : ReadInt64();
            case MessagePackKind.Float:
                double number = ReadDouble();
                if (!(Math.Abs(number) < (double)decimal.MaxValue))
                {
                    MessagePackErrors.OutOfRange(start, "a decimal");
                }

                return (decimal)number;
            default:
                if (!DecimalText.TryParse(ReadUtf8(), out decimal value))
                {
                    MessagePackErrors.BadText(start, "a decimal");
                }

                return value;
        }
    }

    /// <summary>Reads a 128-bit number from text or from a smaller number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it is no such number.</exception>
    public Int128 ReadInt128()
    {
        int start = _position;
        if (NextKind == MessagePackKind.Integer)
        {
            return PeekCode() == MessagePackCode.UInt64 ? ReadUInt64() : ReadInt64();
        }

        if (!Int128.TryParse(ReadUtf8(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 value))
        {
            MessagePackErrors.BadText(start, "a whole number of 128 bits");
        }

        return value;
    }

    /// <summary>Reads a 128-bit number from text or from a smaller number.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it is no such number.</exception>
    public UInt128 ReadUInt128()
    {
        int start = _position;
        if (NextKind == MessagePackKind.Integer)
        {
            return ReadUInt64();
        }

        if (!UInt128.TryParse(ReadUtf8(), NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 value))
        {
            MessagePackErrors.BadText(start, "a whole number of 128 bits without sign");
        }

        return value;
    }

    /// <summary>Reads a GUID from its 36 characters.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it is no GUID.</exception>
    public Guid ReadGuid()
    {
        int start = _position;
        ReadOnlySpan<byte> text = ReadUtf8();
        if (text.Length != 36 || !Utf8Parser.TryParse(text, out Guid value, out int consumed, 'D') || consumed != 36)
        {
            MessagePackErrors.BadText(start, "a GUID of 36 characters");
            return default;
        }

        return value;
    }

    /// <summary>Reads an address; nil is <see langword="null"/>.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or it is no address.</exception>
    public Uri? ReadUri()
    {
        int start = _position;
        string? text = ReadString();
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? value))
        {
            MessagePackErrors.BadText(start, "an address");
        }

        return value;
    }

    /// <summary>Reads a duration from its ticks of 100 ns.</summary>
    /// <exception cref="MessageFormatException">Something else is next.</exception>
    public TimeSpan ReadTimeSpan() => new(ReadInt64());

    /// <summary>Reads a date from its number of days since 0001-01-01.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or the date does not exist.</exception>
    public DateOnly ReadDateOnly()
    {
        int start = _position;
        int days = ReadInt32();
        if ((uint)days > (uint)DateOnly.MaxValue.DayNumber)
        {
            MessagePackErrors.OutOfRangeTime(start, "a date");
        }

        return DateOnly.FromDayNumber(days);
    }

    /// <summary>Reads a time of day from its ticks of 100 ns since midnight.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or the time does not exist.</exception>
    public TimeOnly ReadTimeOnly()
    {
        int start = _position;
        long ticks = ReadInt64();
        if ((ulong)ticks >= TimeSpan.TicksPerDay)
        {
            MessagePackErrors.OutOfRangeTime(start, "a time of day");
        }

        return new TimeOnly(ticks);
    }

    /// <summary>Reads a timestamp (extension -1); parts below 100 ns are cut off.</summary>
    /// <returns>The time in UTC.</returns>
    /// <exception cref="MessageFormatException">Something else is next, or the time is outside the years 1 to 9999.</exception>
    public DateTime ReadDateTime()
    {
        int start = _position;
        ReadOnlySpan<byte> data = ReadExtension(out sbyte type);
        if (type != MessagePackCode.TimestampExtension)
        {
            MessagePackErrors.WrongLength(start, type, "the extension type of a timestamp (-1)");
        }

        long seconds;
        uint nanoseconds;
        switch (data.Length)
        {
            case 4:
                seconds = BinaryPrimitives.ReadUInt32BigEndian(data);
                nanoseconds = 0;
                break;
            case 8:
                ulong both = BinaryPrimitives.ReadUInt64BigEndian(data);
                seconds = (long)(both & 0x3_FFFF_FFFF);
                nanoseconds = (uint)(both >> 34);
                break;
            case 12:
                nanoseconds = BinaryPrimitives.ReadUInt32BigEndian(data);
                seconds = BinaryPrimitives.ReadInt64BigEndian(data[4..]);
                break;
            default:
                MessagePackErrors.WrongLength(start, data.Length, "a timestamp");
                return default;
        }

        const long FirstSecond = -TicksToUnixEpoch / TimeSpan.TicksPerSecond;
        const long LastSecond = 253_402_300_799;
        if (seconds < FirstSecond || seconds > LastSecond || nanoseconds > 999_999_999)
        {
            MessagePackErrors.OutOfRangeTime(start, "a DateTime");
        }

        return new DateTime((seconds * TimeSpan.TicksPerSecond) + TicksToUnixEpoch + (nanoseconds / 100), DateTimeKind.Utc);
    }

    /// <summary>Reads a time with its offset: an array of the clock's reading and the offset in minutes; a bare timestamp is UTC.</summary>
    /// <exception cref="MessageFormatException">Something else is next, or the time or the offset does not exist.</exception>
    public DateTimeOffset ReadDateTimeOffset()
    {
        int start = _position;
        if (NextKind == MessagePackKind.Extension)
        {
            return new DateTimeOffset(ReadDateTime());
        }

        int count = ReadArrayHeader();
        if (count != 2)
        {
            MessagePackErrors.WrongLength(start, count, "a time with its offset (2)");
        }

        long ticks = ReadDateTime().Ticks;
        int minutes = ReadInt16();
        if (Math.Abs(minutes) > LargestOffsetMinutes || (ulong)(ticks - (minutes * TimeSpan.TicksPerMinute)) > (ulong)DateTime.MaxValue.Ticks)
        {
            MessagePackErrors.OutOfRangeTime(start, "a DateTimeOffset");
        }

        return new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<byte> ReadUtf8Slow()
    {
        byte code = PeekCode();
        int start = _position;
        uint length;
        switch (code)
        {
            case >= MessagePackCode.FixString and < MessagePackCode.Nil:
                _position++;
                length = (uint)(code & 0x1F);
                break;
            case MessagePackCode.Str8:
                length = ReadLength8();
                break;
            case MessagePackCode.Str16:
                length = ReadLength16();
                break;
            case MessagePackCode.Str32:
                length = ReadLength32();
                break;
            default:
                length = Wrong(start, code, "text");
                break;
        }

        return Take(length);
    }
}
