using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Messages;

/// <summary>The names under which emitted serializers are found.</summary>
internal static class MessageNames
{
    /// <summary>The class inside a message that writes and reads it.</summary>
    public const string NestedSerializer = "IpcMessageSerializer";

    /// <summary>Where the serializers of an assembly are listed.</summary>
    public const string Table = "global::Ipc.Generated.MessageSerializers";

    /// <summary>The type in emitted code, without a nullable annotation at its end.</summary>
    public static string TypeName(ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(TypeRef.Format);

    /// <summary>The class that is emitted beside a type that cannot be extended.</summary>
    public static string ForeignSerializerClass(INamedTypeSymbol type) => Names.Mangle(type.FullName()) + "_Serializer";

    /// <summary>The expression of a serializer of a type with MessagePack-CSharp's attributes.</summary>
    public static string ForeignSerializer(INamedTypeSymbol type) => $"global::Ipc.Generated.{ForeignSerializerClass(type)}.Instance";

    /// <summary>The expression of the serializer of a message type, or <see langword="null"/> when the type is none.</summary>
    public static string? Serializer(ITypeSymbol type, IAssemblySymbol assembly)
    {
        if (type is not INamedTypeSymbol named)
        {
            return null;
        }

        if (KnownAttributes.IsMessage(type))
        {
            // The class itself where it can be named: its calls need no dispatch.
            return SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, assembly)
                ? $"{TypeName(type)}.{NestedSerializer}.Instance"
                : $"global::Ipc.Serialization.MessageSerializer.Of<{TypeName(type)}>()";
        }

        return KnownAttributes.IsForeignMessage(type) ? ForeignSerializer(named) : null;
    }

    /// <summary>A name that may be a keyword.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
