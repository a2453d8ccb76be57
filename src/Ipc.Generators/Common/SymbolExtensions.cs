using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Common;

/// <summary>Questions about symbols that generator and analyzers both ask.</summary>
internal static class SymbolExtensions
{
    /// <summary>Names as metadata has them: keywords are not escaped.</summary>
    private static readonly SymbolDisplayFormat MetadataFormat = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>The metadata name with namespace and outer types, <c>.</c> between all; for sorting, comparing and the names of files, not for code.</summary>
    public static string FullName(this INamedTypeSymbol type)
    {
        string name = type.ContainingType is { } outer ? outer.FullName() + "." + type.MetadataName : type.MetadataName;
        return type.ContainingType is null && !type.ContainingNamespace.IsGlobalNamespace ? type.ContainingNamespace.FullName() + "." + name : name;
    }

    /// <summary>The namespace with those around it; empty for the global one.</summary>
    public static string FullName(this INamespaceSymbol space) => space.ToDisplayString(MetadataFormat);

    /// <summary>Whether the type's definition has this metadata name, for example <c>Ipc.IListener`1</c>. Nested types never match.</summary>
    public static bool IsNamed(this ITypeSymbol? type, string metadataName)
    {
        if (type is null || type.ContainingType is not null)
        {
            return false;
        }

        // The simple name goes first: this is asked for every attribute and interface, and the namespace's text is not free.
        int dot = metadataName.LastIndexOf('.');
        return type.MetadataName.Length == metadataName.Length - dot - 1
            && metadataName.EndsWith(type.MetadataName, StringComparison.Ordinal)
            && type.ContainingNamespace.ToDisplayString() == metadataName.Substring(0, dot);
    }

    /// <summary>The first attribute of this type, or <see langword="null"/>.</summary>
    public static AttributeData? FindAttribute(this ISymbol symbol, string metadataName)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.IsNamed(metadataName))
            {
                return attribute;
            }
        }

        return null;
    }

    /// <summary>The action in the type's <c>[Message("...")]</c>, or <see langword="null"/>.</summary>
    public static string? MessageAction(this ITypeSymbol type) =>
        type.FindAttribute(KnownNames.MessageAttribute) is { ConstructorArguments: { Length: > 0 } arguments } && arguments[0].Value is string { Length: > 0 } action ? action : null;

    /// <summary>Whether the type has a serializer of its own: it carries <c>[Message]</c> (the generator is about to write it) or implements <c>IMessage&lt;itself&gt;</c> already.</summary>
    public static bool IsMessage(this ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol)
        {
            return false;
        }

        if (type.FindAttribute(KnownNames.MessageAttribute) is not null)
        {
            return true;
        }

        foreach (INamedTypeSymbol implemented in type.AllInterfaces)
        {
            if (implemented.IsNamed(KnownNames.Message) && SymbolEqualityComparer.Default.Equals(implemented.TypeArguments[0], type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether emitted code of the same assembly can name the type: neither it nor a type around it is private, protected or file-local.</summary>
    public static bool IsReachableInAssembly(this INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsFileLocal || current.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The members that each object initializer has to name, its base types' too.</summary>
    public static IEnumerable<ISymbol> RequiredMembers(this INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            foreach (ISymbol member in current.GetMembers())
            {
                if (member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
                {
                    yield return member;
                }
            }
        }
    }

    /// <summary>Whether the type or one around it has type parameters.</summary>
    public static bool IsOpenGeneric(this INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            if (current.TypeParameters.Length > 0)
            {
                return true;
            }
        }

        return false;
    }
}
