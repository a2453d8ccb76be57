using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>Says, in emitted code, where the serializer of a type is.</summary>
internal static class SerializerExpression
{
    private const string BuiltIn = "global::Ipc.Serialization.BuiltInSerializers.";

    /// <summary>The expression, or <see langword="null"/> when the type cannot travel.</summary>
    public static string? For(ITypeSymbol type)
    {
        if (type.IsMessage())
        {
            return $"global::Ipc.Serialization.MessageSerializer.Of<{type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}>()";
        }

        return BuiltInName(type) is { } name ? BuiltIn + name : null;
    }

    private static string? BuiltInName(ITypeSymbol type)
    {
        switch (type.SpecialType)
        {
            case SpecialType.System_String:
            case SpecialType.System_Boolean:
            case SpecialType.System_Byte:
            case SpecialType.System_SByte:
            case SpecialType.System_Int16:
            case SpecialType.System_UInt16:
            case SpecialType.System_Int32:
            case SpecialType.System_UInt32:
            case SpecialType.System_Int64:
            case SpecialType.System_UInt64:
            case SpecialType.System_Single:
            case SpecialType.System_Double:
            case SpecialType.System_Decimal:
            case SpecialType.System_Char:
            case SpecialType.System_DateTime:
                return type.Name;
        }

        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
        {
            return "ByteArray";
        }

        return type switch
        {
            INamedTypeSymbol when type.IsNamed("Ipc.MessageBody") => "MessageBody",
            INamedTypeSymbol when type.IsNamed("System.Guid") => "Guid",
            INamedTypeSymbol when type.IsNamed("System.DateTimeOffset") => "DateTimeOffset",
            INamedTypeSymbol when type.IsNamed("System.TimeSpan") => "TimeSpan",
            INamedTypeSymbol when type.IsNamed("System.Uri") => "Uri",
            _ => null,
        };
    }
}
