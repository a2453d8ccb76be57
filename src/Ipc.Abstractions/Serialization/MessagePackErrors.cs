using System.Diagnostics.CodeAnalysis;

namespace Ipc.Serialization;

/// <summary>Makes the one exception of reading; apart from the reader so that its fast paths stay small.</summary>
internal static class MessagePackErrors
{
    [DoesNotReturn]
    public static void Truncated(int position, long needed, int available) => throw new MessageFormatException(
        $"The message ends too early: {needed} more bytes are announced at offset {position}, {available} are there.");

    [DoesNotReturn]
    public static void WrongKind(int position, byte code, string expected) => throw new MessageFormatException(
        $"Expected {expected} at offset {position}, found {MessagePackCode.KindOf(code)} (0x{code:X2}).");

    [DoesNotReturn]
    public static void OutOfRange(int position, string type) => throw new MessageFormatException(
        $"The number at offset {position} does not fit into {type}.");

    [DoesNotReturn]
    public static void TooDeep(int maximum) => throw new MessageFormatException(
        $"The message is nested deeper than {maximum} levels.");

    [DoesNotReturn]
    public static void TooManyElements(int position, uint count) => throw new MessageFormatException(
        $"The array or map at offset {position} claims {count} elements, more than the message has bytes for.");

    [DoesNotReturn]
    public static void BadText(int position, string expected) => throw new MessageFormatException(
        $"The text at offset {position} is not {expected}.");

    [DoesNotReturn]
    public static void WrongLength(int position, long actual, string expected) => throw new MessageFormatException(
        $"Length {actual} at offset {position} is wrong for {expected}.");

    [DoesNotReturn]
    public static void OutOfRangeTime(int position, string type) => throw new MessageFormatException(
        $"The time at offset {position} is outside the range of {type}.");

    [DoesNotReturn]
    public static void Trailing(int count) => throw new MessageFormatException(
        $"{count} bytes follow the message's value.");

    [DoesNotReturn]
    public static void WriterTooDeep(int maximum) => throw new InvalidOperationException(
        $"The message is nested deeper than {maximum} levels; does an object contain itself?");
}
