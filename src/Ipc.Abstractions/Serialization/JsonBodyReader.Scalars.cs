using System.Globalization;
using System.Text.Json;

namespace Ipc.Serialization;

/// <content>Numbers and names.</content>
internal static partial class JsonBodyReader
{
    internal static string ReadIntegerText(ref MessagePackReader reader) => reader.IsUnsignedInteger
        ? reader.ReadUInt64().ToString(CultureInfo.InvariantCulture)
        : reader.ReadInt64().ToString(CultureInfo.InvariantCulture);

    /// <summary>Either of the two 128-bit types: only one of them has numbers below zero.</summary>
    private static string ReadLargeIntegerText(ref MessagePackReader reader)
    {
        if (reader.NextKind == MessagePackKind.Integer)
        {
            return ReadIntegerText(ref reader);
        }

        MessagePackReader ahead = reader;
        return ahead.ReadUtf8() is [(byte)'-', ..]
            ? reader.ReadInt128().ToString(CultureInfo.InvariantCulture)
            : reader.ReadUInt128().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads an enumeration's number.</summary>
    /// <param name="shape">The enumeration.</param>
    /// <param name="reader">Where from.</param>
    /// <param name="name">The number's name, or <see langword="null"/>.</param>
    /// <returns>The number as text.</returns>
    internal static string ReadEnumeration(MessageShape shape, ref MessagePackReader reader, out string? name)
    {
        long number = shape.IsUnsigned ? (long)reader.ReadUInt64() : reader.ReadInt64();
        name = null;
        foreach ((string known, long value) in shape.Names)
        {
            if (value == number)
            {
                name = known;
                break;
            }
        }

        return shape.IsUnsigned ? ((ulong)number).ToString(CultureInfo.InvariantCulture) : number.ToString(CultureInfo.InvariantCulture);
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, float number)
    {
        if (float.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            WriteNumber(json, (double)number);
        }
    }
}
