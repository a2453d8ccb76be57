using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>Finds the <c>[Listener]</c> attributes of a class.</summary>
internal static class ListenerAttributes
{
    public static AttributeData[] Of(INamedTypeSymbol type) => type.TypeKind == TypeKind.Class
        ? type.GetAttributes().Where(a => a.AttributeClass.IsNamed(KnownNames.ListenerAttribute)).ToArray()
        : [];
}
