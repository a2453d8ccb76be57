using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Common;

/// <summary>A type as the emitter needs it: text only, so that a model never holds a symbol.</summary>
/// <param name="Name">The name with <c>global::</c> in front, nullable annotations included.</param>
/// <remarks>Equality: by its name.</remarks>
internal readonly record struct TypeRef(string Name)
{
    /// <summary>How types are written in emitted code.</summary>
    public static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static TypeRef From(ITypeSymbol type) => new(type.ToDisplayString(Format));

    public override string ToString() => Name;
}
