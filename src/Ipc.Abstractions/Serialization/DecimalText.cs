using System.Globalization;
using System.Runtime.CompilerServices;

namespace Ipc.Serialization;

/// <summary>Decimals as text, the same text as the framework's in the invariant culture: a short way for those of up to 64 bits, nearly all there are.</summary>
internal static class DecimalText
{
    /// <summary>How many bytes a decimal may take.</summary>
    public const int MaxLength = 32;

    /// <summary>So many decimal digits always fit 64 bits.</summary>
    private const int SafeDigits = 19;

    private const int ScaleShift = 16;

    /// <summary>Writes the shortest text that keeps the trailing zeros.</summary>
    /// <param name="value">The number.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Format(decimal value, Span<byte> destination)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        ulong digits = ((ulong)(uint)bits[1] << 32) | (uint)bits[0];
        int scale = (byte)(bits[3] >> ScaleShift);
        if (bits[2] != 0 || digits == 0 || scale > SafeDigits)
        {
            value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture);
            return written;
        }

        Span<byte> text = stackalloc byte[MaxLength];
        int start = MaxLength;
        for (int i = 0; i < scale; i++)
        {
            (digits, ulong digit) = Math.DivRem(digits, 10);
            text[--start] = (byte)('0' + digit);
        }

        if (scale != 0)
        {
            text[--start] = (byte)'.';
        }

        do
        {
            (digits, ulong digit) = Math.DivRem(digits, 10);
            text[--start] = (byte)('0' + digit);
        }
        while (digits != 0);

        if (bits[3] < 0)
        {
            text[--start] = (byte)'-';
        }

        text[start..].CopyTo(destination);
        return MaxLength - start;
    }

    /// <summary>Reads what <see cref="decimal.TryParse(ReadOnlySpan{byte}, NumberStyles, IFormatProvider, out decimal)"/> reads as a floating-point number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out decimal value)
    {
        bool isNegative = !text.IsEmpty && text[0] == (byte)'-';
        int i = isNegative ? 1 : 0;
        int whole = i;
        ulong digits = 0;
        if (text.Length - i <= SafeDigits)
        {
            for (; i < text.Length && IsDigit(text[i]); i++)
            {
                digits = (digits * 10) + (uint)(text[i] - '0');
            }

            if (i != whole && (i == text.Length || text[i] == (byte)'.'))
            {
                int scale = 0;
                for (i++; i < text.Length && IsDigit(text[i]); i++, scale++)
                {
                    digits = (digits * 10) + (uint)(text[i] - '0');
                }

                if (i >= text.Length && digits != 0 && text[^1] != (byte)'.')
                {
                    value = new decimal((int)digits, (int)(digits >> 32), 0, isNegative, (byte)scale);
                    return true;
                }
            }
        }

        return TryParseAny(text, out value);
    }

    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    /// <summary>Zero, whose sign and scale have rules of their own, exponents, blanks, and numbers of more than 64 bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryParseAny(ReadOnlySpan<byte> text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
