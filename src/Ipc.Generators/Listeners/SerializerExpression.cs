using Ipc.Generators.Common;
using Ipc.Generators.Messages;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>Says, in emitted code, where the serializer of a type is.</summary>
internal static class SerializerExpression
{
    private const string BuiltIn = "global::Ipc.Serialization.BuiltInSerializers.";

    /// <summary>Types of the namespace System whose serializer has the type's name.</summary>
    private static readonly HashSet<string> SystemTypes =
    [
        "String", "Boolean", "Char", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Int128", "UInt128",
        "Half", "Single", "Double", "Decimal", "Guid", "DateTime", "DateTimeOffset", "TimeSpan", "DateOnly", "TimeOnly", "Uri",
    ];

    /// <summary>The expression, or <see langword="null"/> when the type cannot travel.</summary>
    public static string? For(ITypeSymbol type)
    {
        if (type.IsMessage())
        {
            return $"global::Ipc.Serialization.MessageSerializer.Of<{type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}>()";
        }

        if (type is INamedTypeSymbol named && KnownAttributes.IsForeignMessage(named))
        {
            return MessageNames.ForeignSerializer(named);
        }

        return BuiltInName(type) is { } name ? BuiltIn + name : null;
    }

    private static string? BuiltInName(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => "Bytes",
        INamedTypeSymbol { IsGenericType: true } named => named.TypeArguments is { Length: 1 } arguments && arguments[0].SpecialType == SpecialType.System_Byte
            && (named.IsNamed("System.Memory`1") || named.IsNamed("System.ReadOnlyMemory`1")) ? named.Name : null,
        INamedTypeSymbol named when named.IsNamed("Ipc.MessageBody") => "Body",
        INamedTypeSymbol named when named.IsNamed("Ipc.MessageBytes") => "MessageBytes",
        INamedTypeSymbol { ContainingType: null, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } named
            when SystemTypes.Contains(named.Name) => named.Name,
        _ => null,
    };
}
