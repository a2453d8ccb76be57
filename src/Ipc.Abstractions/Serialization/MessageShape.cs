namespace Ipc.Serialization;

/// <summary>The name table beside a serializer: what a body looks like, so that a JSON value becomes a body and back without reflection. Immutable.</summary>
/// <remarks>Written by the generator; <see cref="JsonMessageConverter"/> reads it.</remarks>
public sealed class MessageShape
{
    private readonly Func<MessageShape>[] _items = [];
    private Lookup? _names;

    private MessageShape(MessageShapeKind kind, params Func<MessageShape>[] items)
    {
        Kind = kind;
        _items = items;
    }

    /// <summary>The shape of any MessagePack value.</summary>
    public static MessageShape Any { get; } = new(MessageShapeKind.Any);

    /// <summary>The shape of <see cref="bool"/>.</summary>
    public static MessageShape Boolean { get; } = new(MessageShapeKind.Boolean);

    /// <summary>The shape of every whole number of up to 64 bits.</summary>
    public static MessageShape Integer { get; } = new(MessageShapeKind.Integer);

    /// <summary>The shape of <see cref="System.Int128"/> and <see cref="System.UInt128"/>.</summary>
    public static MessageShape LargeInteger { get; } = new(MessageShapeKind.LargeInteger);

    /// <summary>The shape of <see cref="float"/> and <see cref="System.Half"/>.</summary>
    public static MessageShape Single { get; } = new(MessageShapeKind.Single);

    /// <summary>The shape of <see cref="double"/>.</summary>
    public static MessageShape Double { get; } = new(MessageShapeKind.Double);

    /// <summary>The shape of <see cref="decimal"/>.</summary>
    public static MessageShape Decimal { get; } = new(MessageShapeKind.Decimal);

    /// <summary>The shape of <see cref="char"/>.</summary>
    public static MessageShape Char { get; } = new(MessageShapeKind.Char);

    /// <summary>The shape of <see cref="string"/>.</summary>
    public static MessageShape String { get; } = new(MessageShapeKind.String);

    /// <summary>The shape of <c>byte[]</c> and its relatives.</summary>
    public static MessageShape Binary { get; } = new(MessageShapeKind.Binary);

    /// <summary>The shape of <see cref="System.Guid"/>.</summary>
    public static MessageShape Guid { get; } = new(MessageShapeKind.Guid);

    /// <summary>The shape of <see cref="System.Uri"/>.</summary>
    public static MessageShape Uri { get; } = new(MessageShapeKind.Uri);

    /// <summary>The shape of <see cref="System.DateTime"/>.</summary>
    public static MessageShape DateTime { get; } = new(MessageShapeKind.DateTime);

    /// <summary>The shape of <see cref="System.DateTimeOffset"/>.</summary>
    public static MessageShape DateTimeOffset { get; } = new(MessageShapeKind.DateTimeOffset);

    /// <summary>The shape of <see cref="System.TimeSpan"/>.</summary>
    public static MessageShape TimeSpan { get; } = new(MessageShapeKind.TimeSpan);

    /// <summary>The shape of <see cref="System.DateOnly"/>.</summary>
    public static MessageShape DateOnly { get; } = new(MessageShapeKind.DateOnly);

    /// <summary>The shape of <see cref="System.TimeOnly"/>.</summary>
    public static MessageShape TimeOnly { get; } = new(MessageShapeKind.TimeOnly);

    /// <summary>What is described.</summary>
    public MessageShapeKind Kind { get; }

    /// <summary>The names of an enumeration with their numbers (the bits of a <see cref="ulong"/> as a <see cref="long"/>); else empty.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Names { get; private init; } = [];

    /// <summary>Whether an enumeration's numbers have no sign.</summary>
    public bool IsUnsigned { get; private init; }

    /// <summary>The members of a message in the order of the wire; else empty.</summary>
    public IReadOnlyList<MessageShapeMember> Members { get; private init; } = [];

    /// <summary>The cases of a union; else empty.</summary>
    public IReadOnlyList<MessageShapeCase> Cases { get; private init; } = [];

    /// <summary>Whether a message is a map on the wire, not an array.</summary>
    public bool IsMap { get; private init; }

    /// <summary>Whether nil is no legal value: a struct.</summary>
    public bool IsStruct { get; private init; }

    /// <summary>How many shapes <see cref="Item"/> knows: 1 for nullable values and lists, 2 for dictionaries, the number of items of a tuple.</summary>
    public int ItemCount => _items.Length;

    /// <summary>The value's, element's, key's and value's, or item's shape.</summary>
    /// <param name="index">From 0 to <see cref="ItemCount"/> - 1.</param>
    public MessageShape Item(int index) => _items[index]();

    /// <summary>Finds a member of a message by its name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="isExact">Whether it is the member's name as it is written.</param>
    /// <returns>The position in <see cref="Members"/>; -1 when there is none.</returns>
    internal int IndexOf(string name, out bool isExact)
    {
        Lookup names = _names ??= new Lookup(Members);
        isExact = names.Exact.TryGetValue(name, out int index);
        return isExact || names.Similar.TryGetValue(name, out index) ? index : -1;
    }

    /// <summary>The shape of an enumeration.</summary>
    /// <param name="isUnsigned">Whether its numbers have no sign.</param>
    /// <param name="names">Its names with their numbers.</param>
    public static MessageShape Enumeration(bool isUnsigned, params KeyValuePair<string, long>[] names) =>
        new(MessageShapeKind.Enumeration) { Names = names, IsUnsigned = isUnsigned };

    /// <summary>The shape of a value that may be nil.</summary>
    public static MessageShape Nullable(Func<MessageShape> value) => new(MessageShapeKind.Nullable, value);

    /// <summary>The shape of an array, list or set.</summary>
    public static MessageShape List(Func<MessageShape> element) => new(MessageShapeKind.List, element);

    /// <summary>The shape of a dictionary.</summary>
    public static MessageShape Dictionary(Func<MessageShape> key, Func<MessageShape> value) => new(MessageShapeKind.Dictionary, key, value);

    /// <summary>The shape of a tuple.</summary>
    /// <param name="isStruct">Whether nil is no legal value.</param>
    /// <param name="items">Its items.</param>
    public static MessageShape Tuple(bool isStruct, params Func<MessageShape>[] items) => new(MessageShapeKind.Tuple, items) { IsStruct = isStruct };

    /// <summary>The shape of a message.</summary>
    /// <param name="isMap">Whether it is a map on the wire.</param>
    /// <param name="isStruct">Whether nil is no legal value.</param>
    /// <param name="members">Its members in the order of the wire.</param>
    public static MessageShape Message(bool isMap, bool isStruct, params MessageShapeMember[] members) =>
        new(MessageShapeKind.Message) { Members = members, IsMap = isMap, IsStruct = isStruct };

    /// <summary>The shape of a union.</summary>
    public static MessageShape Union(params MessageShapeCase[] cases) => new(MessageShapeKind.Union) { Cases = cases };

    private sealed class Lookup
    {
        public Lookup(IReadOnlyList<MessageShapeMember> members)
        {
            for (int i = 0; i < members.Count; i++)
            {
                Exact.TryAdd(members[i].Name, i);
                Similar.TryAdd(members[i].Name, i);
            }
        }

        public Dictionary<string, int> Exact { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, int> Similar { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
