using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Messages.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages;

/// <content>The types that a union can be.</content>
internal sealed partial class MessageParser
{
    private EquatableArray<UnionCaseModel> ParseUnion(INamedTypeSymbol type)
    {
        if (!type.IsAbstract && type.TypeKind != TypeKind.Interface)
        {
            Report(DiagnosticDescriptors.BadUnion, type, Display(type), "only abstract classes and interfaces can be unions");
            return default;
        }

        var cases = new List<UnionCaseModel>();
        foreach (AttributeData attribute in KnownAttributes.UnionsOf(type))
        {
            if (attribute.ConstructorArguments.Length < 2 || attribute.ConstructorArguments[0].Value is not int key
                || attribute.ConstructorArguments[1].Value is not INamedTypeSymbol subType)
            {
                Report(DiagnosticDescriptors.BadUnion, type, Display(type), "a case needs a number and a type");
                continue;
            }

            string? reason =
                cases.Any(other => other.Key == key) ? $"the key {key} stands for two types"
                : cases.Any(other => other.Type == MessageNames.TypeName(subType)) ? $"'{Display(subType)}' has two keys"
                : !DerivesFrom(subType, type) ? $"'{Display(subType)}' does not derive from it"
                : MessageNames.Serializer(subType, _assembly) is null ? $"'{Display(subType)}' is no message"
                : subType.IsAbstract || subType.TypeKind == TypeKind.Interface ? $"'{Display(subType)}' is abstract"
                : null;
            if (reason is not null)
            {
                Report(DiagnosticDescriptors.BadUnion, type, Display(type), reason);
                continue;
            }

            Need(subType, why => Error(DiagnosticDescriptors.BadUnion, type, Display(type), $"'{Display(subType)}' cannot travel; {why}"));

            int depth = 0;
            for (INamedTypeSymbol? current = subType; current is not null; current = current.BaseType)
            {
                depth++;
            }

            cases.Add(new UnionCaseModel(key, MessageNames.TypeName(subType), MessageNames.Serializer(subType, _assembly)!, depth));
        }

        if (cases.Count == 0 && _diagnostics.Count == 0)
        {
            Report(DiagnosticDescriptors.BadUnion, type, Display(type), "it is abstract and names no type with [Union]");
        }

        return cases.OrderBy(item => item.Key).ToEquatableArray();
    }

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol ancestor)
    {
        for (INamedTypeSymbol? current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, ancestor))
            {
            return true;
            }
        }

        return type.AllInterfaces.Contains(ancestor, SymbolEqualityComparer.Default);
    }
}
