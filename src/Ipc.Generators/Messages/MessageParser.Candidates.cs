using Ipc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Messages;

/// <content>Which members may travel, and what emitted code can reach.</content>
internal sealed partial class MessageParser
{
    private List<Candidate> FindCandidates(INamedTypeSymbol type, bool isForeign)
    {
        var chain = new List<INamedTypeSymbol>();
        for (INamedTypeSymbol? current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            chain.Insert(0, current);
        }

        var found = new List<Candidate>();
        foreach (INamedTypeSymbol level in chain)
        {
            foreach (ISymbol symbol in level.GetMembers())
            {
                if (Read(symbol, type, isForeign) is not { } candidate)
                {
                    ReportUnreadable(symbol, type, isForeign);
                    continue;
                }

                candidate.KeyAttribute = KnownAttributes.FindKey(symbol) ?? FindParameterKey(level, symbol);
                bool isVisible = symbol.DeclaredAccessibility == Accessibility.Public || candidate.HasKeyAttribute;
                found.RemoveAll(other => other.Symbol.Name == symbol.Name);
                if (isVisible && !KnownAttributes.IsIgnored(symbol))
                {
                    candidate.Index = found.Count;
                    found.Add(candidate);
                }
            }
        }

        return found;
    }

    private Candidate? Read(ISymbol symbol, INamedTypeSymbol type, bool isForeign) => symbol switch
    {
        { Name: "EqualityContract" } => null,
        IPropertySymbol { IsStatic: false, IsIndexer: false, GetMethod: { } getter, ExplicitInterfaceImplementations.IsEmpty: true } property when CanReach(getter, type, isForeign) =>
            new(property, property.Type, property.SetMethod is { } setter && CanReach(setter, type, isForeign), property.SetMethod?.IsInitOnly == true, property.IsRequired),
        IFieldSymbol { IsStatic: false, IsConst: false, IsImplicitlyDeclared: false } field when CanReach(field, type, isForeign) =>
            new(field, field.Type, !field.IsReadOnly, false, field.IsRequired),
        _ => null,
    };

    /// <summary>A key says that the member travels. MessagePack-CSharp takes no notice of private ones unless the type allows them.</summary>
    private void ReportUnreadable(ISymbol symbol, INamedTypeSymbol type, bool isForeign)
    {
        bool travels = !isForeign || symbol.DeclaredAccessibility == Accessibility.Public
            || KnownAttributes.Find(type, KnownAttributes.MessagePackObject)?.NamedArguments.Any(argument => argument is { Key: "AllowPrivate", Value.Value: true }) == true;
        if (travels && symbol is IPropertySymbol or IFieldSymbol && KnownAttributes.FindKey(symbol) is not null && !KnownAttributes.IsIgnored(symbol))
        {
            Report(DiagnosticDescriptors.MemberNotAccessible, symbol, symbol.Name, Display(type));
        }
    }

    /// <summary>Emitted code stands inside our own types, but beside foreign ones.</summary>
    private bool CanReach(ISymbol member, INamedTypeSymbol type, bool isForeign)
    {
        if (member.DeclaredAccessibility == Accessibility.Public)
        {
            return true;
        }

        bool isHere = SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, _assembly);
        return member.DeclaredAccessibility switch
        {
            Accessibility.Internal => isHere,
            Accessibility.ProtectedOrInternal => isHere || !isForeign,
            Accessibility.Protected => !isForeign,
            Accessibility.ProtectedAndInternal => !isForeign && isHere,
            _ => !isForeign && SymbolEqualityComparer.Default.Equals(member.ContainingType, type),
        };
    }

    private static IParameterSymbol? PrimaryParameter(INamedTypeSymbol type, ISymbol member) =>
        member is IPropertySymbol && type.IsRecord
            ? type.InstanceConstructors.Where(IsPrimary).SelectMany(constructor => constructor.Parameters).FirstOrDefault(parameter => parameter.Name == member.Name)
            : null;

    private static AttributeData? FindParameterKey(INamedTypeSymbol type, ISymbol member) =>
        PrimaryParameter(type, member) is { } parameter ? KnownAttributes.FindKey(parameter) : null;

    private static bool IsPrimary(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax);

    /// <summary>A member while it is being looked at.</summary>
    private sealed class Candidate(ISymbol symbol, ITypeSymbol type, bool isSettable, bool isInitOnly, bool isRequired)
    {
        public ISymbol Symbol { get; } = symbol;

        public ITypeSymbol Type { get; } = type;

        public bool IsSettable { get; } = isSettable;

        public bool IsInitOnly { get; } = isInitOnly;

        public bool IsRequired { get; } = isRequired;

        public AttributeData? KeyAttribute { get; set; }

        public bool HasKeyAttribute => KeyAttribute is not null;

        /// <summary>A number or a text.</summary>
        public object? KeyValue => KeyAttribute is { ConstructorArguments: { Length: > 0 } arguments } ? arguments[0].Value : null;

        public int Index { get; set; }

        public string Key { get; set; } = symbol.Name;

        public IParameterSymbol? Parameter { get; set; }
    }
}
