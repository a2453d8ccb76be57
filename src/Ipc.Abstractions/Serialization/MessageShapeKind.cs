namespace Ipc.Serialization;

/// <summary>What a <see cref="MessageShape"/> describes: the .NET type behind a MessagePack value, as far as its JSON form depends on it.</summary>
public enum MessageShapeKind : byte
{
    /// <summary>Any MessagePack value, as in <see cref="MessageBody"/>.</summary>
    Any = 0,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number of up to 64 bits.</summary>
    Integer,

    /// <summary>A number of 128 bits, text on the wire.</summary>
    LargeInteger,

    /// <summary>A 32-bit floating-point number; <see cref="Half"/> too.</summary>
    Single,

    /// <summary>A 64-bit floating-point number.</summary>
    Double,

    /// <summary>A decimal, text on the wire.</summary>
    Decimal,

    /// <summary>A UTF-16 unit, a whole number on the wire and text of one character in JSON.</summary>
    Char,

    /// <summary>Text.</summary>
    String,

    /// <summary>Bytes; Base64 in JSON.</summary>
    Binary,

    /// <summary>A GUID; text on the wire and in JSON.</summary>
    Guid,

    /// <summary>An address; text on the wire and in JSON.</summary>
    Uri,

    /// <summary>A time in UTC; ISO 8601 in JSON.</summary>
    DateTime,

    /// <summary>A time with its offset; ISO 8601 in JSON.</summary>
    DateTimeOffset,

    /// <summary>A duration in ticks; <c>[-][d.]hh:mm:ss[.fffffff]</c> in JSON.</summary>
    TimeSpan,

    /// <summary>A date as its day number; <c>yyyy-MM-dd</c> in JSON.</summary>
    DateOnly,

    /// <summary>A time of day in ticks; <c>HH:mm:ss[.fffffff]</c> in JSON.</summary>
    TimeOnly,

    /// <summary>A whole number with names; the name in JSON, the number is accepted.</summary>
    Enumeration,

    /// <summary>A value or nil.</summary>
    Nullable,

    /// <summary>Any number of values of one shape.</summary>
    List,

    /// <summary>Pairs of key and value; an object in JSON when the keys have a text form, else an array of pairs.</summary>
    Dictionary,

    /// <summary>A fixed number of values, each of its own shape; an array in JSON.</summary>
    Tuple,

    /// <summary>A message with named members.</summary>
    Message,

    /// <summary>One of several messages; in JSON the object has a member <c>$type</c> with the key.</summary>
    Union,
}
