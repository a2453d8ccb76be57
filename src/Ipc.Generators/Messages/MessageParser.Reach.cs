using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <content>Who can name a type.</content>
internal sealed partial class MessageParser
{
    /// <summary>Whether code of this assembly, outside the type, can name it.</summary>
    private bool IsReachable(ITypeSymbol type)
    {
        bool isHere = SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _assembly);
        return HasAccess(type, accessibility => accessibility == Accessibility.Public
            || (isHere && accessibility is (Accessibility.Internal or Accessibility.ProtectedOrInternal)), IsReachable);
    }

    /// <summary>Whether every assembly can name the type.</summary>
    private static bool IsPublic(ITypeSymbol type) => HasAccess(type, static accessibility => accessibility == Accessibility.Public, IsPublic);

    private static bool HasAccess(ITypeSymbol type, Func<Accessibility, bool> allows, Func<ITypeSymbol, bool> inner)
    {
        if (type is IArrayTypeSymbol array)
        {
            return inner(array.ElementType);
        }

        for (INamedTypeSymbol? current = type as INamedTypeSymbol; current is not null; current = current.ContainingType)
        {
            if (!allows(current.DeclaredAccessibility) || !current.TypeArguments.All(argument => argument is ITypeParameterSymbol || inner(argument)))
            {
            return false;
            }
        }

        return true;
    }
}
