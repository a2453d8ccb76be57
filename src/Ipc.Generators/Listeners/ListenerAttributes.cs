using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Listeners;

/// <summary>Finds the <c>[Listener]</c> attributes of a class.</summary>
internal static class ListenerAttributes
{
    /// <summary>Whether a declaration can be a listener's.</summary>
    public static bool MayBeOn(SyntaxNode node) => node is ClassDeclarationSyntax or RecordDeclarationSyntax;

    public static AttributeData[] Of(INamedTypeSymbol type) => type.TypeKind == TypeKind.Class
        ? type.GetAttributes().Where(a => a.AttributeClass.IsNamed(KnownNames.ListenerAttribute)).ToArray()
        : [];
}
