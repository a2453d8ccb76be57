using Ipc.Generators.Common;
using Ipc.Generators.Listeners.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>Finds the tables of referenced assemblies by their assembly attribute.</summary>
internal static class ReferencedTables
{
    private const string ContractsAssembly = "Ipc.Abstractions";

    /// <summary>All tables that emitted code can name, in the ordinal order of their names.</summary>
    public static EquatableArray<ReferencedTable> Find(Compilation compilation, CancellationToken cancellationToken)
    {
        var found = new List<ReferencedTable>();
        foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Two hundred framework assemblies are passed over by this test, without reading their attributes.
            if (!assembly.Modules.Any(m => m.ReferencedAssemblies.Any(r => r.Name == ContractsAssembly)) || !IsGlobal(compilation, assembly))
            {
                continue;
            }

            foreach (AttributeData attribute in assembly.GetAttributes())
            {
                if (attribute.AttributeClass.IsNamed(KnownNames.ListenerTableAttribute)
                    && attribute.ConstructorArguments is { Length: 1 } arguments
                    && arguments[0].Value is INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public } table)
                {
                    found.Add(new ReferencedTable(
                        table.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), assembly.Name, Texts(attribute, "Actions"), Texts(attribute, "AnsweredActions")));
                }
            }
        }

        return found.OrderBy(t => t.Type, StringComparer.Ordinal).ToEquatableArray();
    }

    /// <summary>A reference with nothing but an extern alias cannot be named with <c>global::</c>.</summary>
    private static bool IsGlobal(Compilation compilation, IAssemblySymbol assembly) =>
        compilation.GetMetadataReference(assembly) is not { Properties.Aliases: { IsDefaultOrEmpty: false } aliases } || aliases.Contains("global");

    private static EquatableArray<string> Texts(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value is { Kind: TypedConstantKind.Array, IsNull: false } values)
            {
                return values.Values.Select(v => v.Value as string ?? "").ToEquatableArray();
            }
        }

        return EquatableArray<string>.Empty;
    }
}
