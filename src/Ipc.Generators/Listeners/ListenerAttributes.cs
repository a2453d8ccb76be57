using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Listeners;

/// <summary>Finds the <c>[Listener]</c> and <c>[Subscribe]</c> attributes of a class.</summary>
internal static class ListenerAttributes
{
    /// <summary>Whether a declaration can be a listener's.</summary>
    public static bool MayBeOn(SyntaxNode node) => node is ClassDeclarationSyntax or RecordDeclarationSyntax;

    public static AttributeData[] Of(INamedTypeSymbol type) => type.TypeKind == TypeKind.Class
        ? type.GetAttributes().Where(a => a.AttributeClass.IsNamed(KnownNames.ListenerAttribute) || a.AttributeClass.IsNamed(KnownNames.SubscribeAttribute)).ToArray()
        : [];

    /// <summary>The types that a listener's interfaces name: what it takes and what it answers.</summary>
    public static IEnumerable<ITypeSymbol> Messages(INamedTypeSymbol type) => type.AllInterfaces
        .Where(face => face.IsNamed(KnownNames.Listener) || face.IsNamed(KnownNames.AnsweringListener))
        .SelectMany(face => face.TypeArguments);
}
