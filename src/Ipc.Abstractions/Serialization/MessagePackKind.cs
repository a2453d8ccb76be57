namespace Ipc.Serialization;

/// <summary>The kinds of MessagePack values.</summary>
public enum MessagePackKind : byte
{
    /// <summary>The byte 0xC1, which begins no value, or no byte at all.</summary>
    Invalid = 0,

    /// <summary>Nothing; .NET's <see langword="null"/>.</summary>
    Nil,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number between -2^63 and 2^64 - 1.</summary>
    Integer,

    /// <summary>A floating-point number of 32 or 64 bits.</summary>
    Float,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>Values in order.</summary>
    Array,

    /// <summary>Pairs of key and value.</summary>
    Map,

    /// <summary>Bytes with a type number; -1 is a timestamp.</summary>
    Extension,
}
