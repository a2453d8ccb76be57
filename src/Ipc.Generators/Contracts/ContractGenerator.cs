using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Contracts.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.Contracts;

/// <summary>Writes, for every interface with <c>[IpcService]</c>, its proxy, the messages that its calls are, and its row in the assembly's table.</summary>
[Generator(LanguageNames.CSharp)]
public sealed partial class ContractGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ContractModel> contracts = Find(context).WithTrackingName(TrackingNames.Contracts);

        IncrementalValueProvider<EquatableArray<string>> clashes = contracts.Collect()
            .Select(static (all, _) => Clashes(all))
            .WithTrackingName(TrackingNames.Clashes);

        context.RegisterSourceOutput(contracts.Combine(clashes), static (output, item) =>
            output.AddSource(HintName(item.Left, item.Right), ContractEmitter.Emit(item.Left)));
    }

    /// <summary>The contracts of a compilation that can be emitted.</summary>
    internal static IncrementalValuesProvider<ContractModel> Find(IncrementalGeneratorInitializationContext context) => context.SyntaxProvider
        .ForAttributeWithMetadataName(KnownNames.ServiceAttribute, static (node, _) => node is InterfaceDeclarationSyntax, Parse)
        .Where(static model => model is not null)
        .Select(static (model, _) => model!);

    private static ContractModel? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) =>
        context.TargetSymbol is INamedTypeSymbol type ? new ContractParser(type, report: null, cancellationToken).Parse() : null;

    /// <summary>The names that differ from another one in case only, which file names may not.</summary>
    private static EquatableArray<string> Clashes(ImmutableArray<ContractModel> contracts) => contracts
        .Select(contract => contract.FullName)
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .SelectMany(group => group)
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    private static string HintName(ContractModel contract, EquatableArray<string> clashes)
    {
        int clash = clashes.ToList().IndexOf(contract.FullName);
        return clash < 0 ? $"{contract.FullName}.Contract.g.cs" : $"{contract.FullName}.{clash}.Contract.g.cs";
    }
}
