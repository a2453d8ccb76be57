using Ipc.Generators.Common;

namespace Ipc.Generators.Messages.Model;

/// <summary>The type of a member, an element or an item, and how it travels.</summary>
/// <param name="Kind">How it is written and read.</param>
/// <param name="Type">The type in emitted code.</param>
/// <param name="IsReference">Whether it may be null.</param>
/// <param name="Text">Depends on the kind: the reader's name of a primitive, an enumeration's underlying type, the nested serializer's expression.</param>
/// <param name="Shape">The expression of its name table; empty when it is made from the items.</param>
/// <param name="Items">The inner types.</param>
/// <remarks>Equality: by all values, item by item.</remarks>
internal sealed record ValueModel(
    ValueKind Kind,
    string Type,
    bool IsReference,
    string Text,
    string Shape,
    EquatableArray<ValueModel> Items);
