using Ipc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Messages;

/// <content>What the source of a type does beside holding values.</content>
internal sealed partial class MessageParser
{
    /// <summary>What can neither be given to a constructor nor be set is lost if it holds a value of its own; else it is computed from the rest.</summary>
    private void ReportIfLost(Candidate candidate, INamedTypeSymbol type)
    {
        if (candidate.Symbol is not IPropertySymbol property || IsAutomatic(property))
        {
            Report(DiagnosticDescriptors.MemberNotReadable, candidate.Symbol, candidate.Symbol.Name, Display(type));
        }
    }

    /// <summary>Whether the type may give the member a value of its own, which holds when the message has none.</summary>
    private static bool MayHaveOwnValue(ISymbol member, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            if (current.InstanceConstructors.Any(constructor => !constructor.IsImplicitlyDeclared && !IsPrimary(constructor)))
            {
                return true;
            }
        }

        // The source of a member of another assembly is not there to be read.
        return member.DeclaringSyntaxReferences.IsEmpty || HasInitializer(member) || (member is IPropertySymbol property && RunsUserCode(property));
    }

    private static bool HasInitializer(ISymbol member) => member.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() switch
    {
        PropertyDeclarationSyntax property => property.Initializer is not null,
        VariableDeclaratorSyntax field => field.Initializer is not null,
        _ => false,
    });

    /// <summary>Whether code that a user wrote runs while an instance is made, so that its exceptions have to become one of ours.</summary>
    private static bool RunsUserCode(INamedTypeSymbol type, IMethodSymbol? constructor, List<Candidate> candidates)
    {
        bool constructs = constructor is { IsImplicitlyDeclared: false } && !IsPrimary(constructor);
        bool sets = candidates.Any(candidate => (candidate.Parameter is null || candidate.IsRequired) && candidate.Symbol is IPropertySymbol property && RunsUserCode(property));
        bool initializes = type.GetMembers().Any(HasInitializer);
        return constructs || sets || initializes || type.BaseType is { SpecialType: SpecialType.None };
    }

    /// <summary>Whether the setter is more than the compiler's own; with <c>field</c> it has a body and a backing field too.</summary>
    private static bool RunsUserCode(IPropertySymbol property) =>
        !IsAutomatic(property) || property.IsPartialDefinition || property.SetMethod is not { DeclaringSyntaxReferences: { Length: 1 } setter }
        || setter[0].GetSyntax() is not AccessorDeclarationSyntax { Body: null, ExpressionBody: null };

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
}
