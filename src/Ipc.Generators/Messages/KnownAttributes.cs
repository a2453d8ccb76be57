using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <summary>The attributes that shape a message: ours, and MessagePack-CSharp's recognised by their full names.</summary>
internal static class KnownAttributes
{
    public const string Message = "Ipc.MessageAttribute";
    public const string MessagePackObject = "MessagePack.MessagePackObjectAttribute";
    public const string MessagePackUnion = "MessagePack.UnionAttribute";

    private static readonly string[] Keys = ["Ipc.KeyAttribute", "MessagePack.KeyAttribute"];
    private static readonly string[] Ignored =
        ["Ipc.IgnoreMemberAttribute", "MessagePack.IgnoreMemberAttribute", "System.Runtime.Serialization.IgnoreDataMemberAttribute"];
    private static readonly string[] Unions = ["Ipc.UnionAttribute", MessagePackUnion];

    public static AttributeData? Find(ISymbol symbol, params string[] names)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && Array.IndexOf(names, type.ToDisplayString()) >= 0)
            {
                return attribute;
            }
        }

        return null;
    }

    public static AttributeData? FindKey(ISymbol symbol) => Find(symbol, Keys);

    public static bool IsIgnored(ISymbol symbol) => Find(symbol, Ignored) is not null;

    public static AttributeData? FindFormatter(ISymbol symbol) => Find(symbol, "MessagePack.MessagePackFormatterAttribute");

    public static bool IsSerializationConstructor(ISymbol symbol) => Find(symbol, "MessagePack.SerializationConstructorAttribute") is not null;

    public static IEnumerable<AttributeData> UnionsOf(ISymbol symbol) =>
        symbol.GetAttributes().Where(attribute => attribute.AttributeClass is { } type && Array.IndexOf(Unions, type.ToDisplayString()) >= 0);

    /// <summary>Whether the type says that it is a message of ours.</summary>
    public static bool IsMessage(ITypeSymbol type) => Find(type, Message) is not null;

    /// <summary>Whether the type is MessagePack-CSharp's and not ours too.</summary>
    public static bool IsForeignMessage(ITypeSymbol type) => Find(type, MessagePackObject, MessagePackUnion) is not null && !IsMessage(type);
}
