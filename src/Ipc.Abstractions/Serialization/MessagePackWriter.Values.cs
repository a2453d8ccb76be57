using System.Globalization;
using System.Runtime.CompilerServices;

namespace Ipc.Serialization;

/// <content>Values of .NET that MessagePack has no kind for; the same bytes as MessagePack-CSharp's standard resolver gives.</content>
public ref partial struct MessagePackWriter
{
    private const long TicksToUnixEpoch = 621_355_968_000_000_000;

    /// <summary>Writes a <see cref="Half"/> as a 32-bit floating-point number.</summary>
    public void Write(Half value) => Write((float)value);

    /// <summary>Writes a decimal as text, trailing zeros kept.</summary>
    public void Write(decimal value)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaxLength];
        WriteUtf8(text[..DecimalText.Format(value, text)]);
    }

    /// <summary>Writes a 128-bit number as text.</summary>
    public void Write(Int128 value)
    {
        Span<byte> text = stackalloc byte[40];
        value.TryFormat(text, out int written, default, CultureInfo.InvariantCulture);
        WriteUtf8(text[..written]);
    }

    /// <summary>Writes a 128-bit number as text.</summary>
    public void Write(UInt128 value)
    {
        Span<byte> text = stackalloc byte[40];
        value.TryFormat(text, out int written, default, CultureInfo.InvariantCulture);
        WriteUtf8(text[..written]);
    }

    /// <summary>Writes a GUID as its 36 characters.</summary>
    public void Write(Guid value)
    {
        ref byte start = ref Reserve(38);
        start = MessagePackCode.Str8;
        Unsafe.Add(ref start, 1) = 36;
        value.TryFormat(_span[(_position + 2)..], out _);
        _position += 38;
    }

    /// <summary>Writes the address as it was given, <see langword="null"/> as nil.</summary>
    public void Write(Uri? value) => Write(value?.OriginalString);

    /// <summary>Writes a duration as its ticks of 100 ns.</summary>
    public void Write(TimeSpan value) => Write(value.Ticks);

    /// <summary>Writes a date as its number of days since 0001-01-01.</summary>
    public void Write(DateOnly value) => Write(value.DayNumber);

    /// <summary>Writes a time of day as its ticks of 100 ns since midnight.</summary>
    public void Write(TimeOnly value) => Write(value.Ticks);

    /// <summary>Writes a time as a timestamp (extension -1), in the smallest of its three forms.</summary>
    /// <param name="value">Local times are converted to UTC; unspecified ones are taken for UTC.</param>
    public void Write(DateTime value)
    {
        if (value.Kind == DateTimeKind.Local)
        {
            value = value.ToUniversalTime();
        }

        long ticks = value.Ticks - TicksToUnixEpoch;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        uint nanoseconds = (uint)rest * 100;
        ref byte start = ref Reserve(15);
        if ((seconds >> 34) != 0)
        {
            start = MessagePackCode.Ext8;
            Unsafe.Add(ref start, 1) = 12;
            Unsafe.Add(ref start, 2) = unchecked((byte)MessagePackCode.TimestampExtension);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 3), BigEndian(nanoseconds));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 7), BigEndian((ulong)seconds));
            _position += 15;
            return;
        }

        Unsafe.Add(ref start, 1) = unchecked((byte)MessagePackCode.TimestampExtension);
        ulong both = ((ulong)nanoseconds << 34) | (ulong)seconds;
        if (both <= uint.MaxValue)
        {
            start = MessagePackCode.FixExt4;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 2), BigEndian((uint)both));
            _position += 6;
        }
        else
        {
            start = MessagePackCode.FixExt8;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, 2), BigEndian(both));
            _position += 10;
        }
    }

    /// <summary>Writes a time with its offset: an array of the clock's reading as a timestamp and the offset in minutes.</summary>
    /// <remarks>The timestamp holds the local clock's reading, not UTC: so MessagePack-CSharp writes it, and so both values come back exactly.</remarks>
    public void Write(DateTimeOffset value)
    {
        WriteArrayHeader(2);
        Write(new DateTime(value.Ticks, DateTimeKind.Utc));
        Write((short)value.TotalOffsetMinutes);
    }
}
