namespace Ipc.Generators.Messages.Model;

/// <summary>How a value is written and read.</summary>
internal enum ValueKind
{
    /// <summary>One call of writer and reader.</summary>
    Primitive,
    Enumeration,
    NullableValue,

    /// <summary>By another serializer.</summary>
    Nested,
    Array,
    List,

    /// <summary>An interface that may be only enumerable; read as an array.</summary>
    Enumerable,
    ImmutableArray,
    Set,
    Dictionary,
    Tuple,
}
