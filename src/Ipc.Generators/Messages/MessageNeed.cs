using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <summary>A type whose serializer another type's serializer calls.</summary>
/// <param name="type">The type.</param>
/// <param name="missing">Says, with the reason, that it has none.</param>
internal sealed class MessageNeed(INamedTypeSymbol type, Func<string, Diagnostic> missing)
{
    public INamedTypeSymbol Type { get; } = type;

    public Func<string, Diagnostic> Missing { get; } = missing;
}
