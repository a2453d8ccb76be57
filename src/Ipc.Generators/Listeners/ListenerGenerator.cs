using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Contracts;
using Ipc.Generators.Listeners.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>Writes an assembly's dispatch table: a row for each event of each class with <c>[Listener]</c>, and for each pattern of one with <c>[Subscribe]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed partial class ListenerGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        context.RegisterPostInitializationOutput(static output => output.AddEmbeddedAttributeDefinition());

        IncrementalValuesProvider<ListenerModel> listeners = Find(context, KnownNames.ListenerAttribute).WithTrackingName(TrackingNames.Listeners);
        IncrementalValuesProvider<ListenerModel> subscribers = Find(context, KnownNames.SubscribeAttribute).WithTrackingName(TrackingNames.Subscribers);

        IncrementalValueProvider<EquatableArray<string>> references = context.CompilationProvider
            .Select(static (compilation, token) => ReferencedTables.Find(compilation, token).Select(t => t.Type).ToEquatableArray())
            .WithTrackingName(TrackingNames.References);

        IncrementalValueProvider<AssemblyModel> assembly = context.CompilationProvider
            .Select(static (compilation, _) => AssemblyModels.From(compilation))
            .WithTrackingName(TrackingNames.Assembly);

        IncrementalValueProvider<EquatableArray<string>> contracts = ContractGenerator.Find(context).Collect()
            .Select(static (all, _) => all.OrderBy(c => c.FullName, StringComparer.Ordinal).Select(c => c.Descriptor).ToEquatableArray())
            .WithTrackingName(TrackingNames.Contracts);

        IncrementalValueProvider<ImmutableArray<ListenerModel>> all = listeners.Collect().Combine(subscribers.Collect()).Select(static (both, _) => both.Left.AddRange(both.Right));

        IncrementalValueProvider<TableModel> table = all.Combine(assembly).Combine(references).Combine(contracts)
            .Select(static (parts, _) => new TableModel(parts.Left.Left.Right, parts.Left.Right, Sort(parts.Left.Left.Left), parts.Right))
            .WithTrackingName(TrackingNames.Table);

        context.RegisterSourceOutput(table, static (output, model) => Emitter.Emit(output, model));
    }

    private static IncrementalValuesProvider<ListenerModel> Find(IncrementalGeneratorInitializationContext context, string attribute) => context.SyntaxProvider
        .ForAttributeWithMetadataName(attribute, static (node, _) => ListenerAttributes.MayBeOn(node), Parse)
        .Where(static model => model is not null)
        .Select(static (model, _) => model!);

    private static ListenerModel? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken) =>
        context.TargetSymbol is INamedTypeSymbol type ? new ListenerParser(type, report: null).Parse(context.Attributes, cancellationToken) : null;

    /// <summary>In the order of the full names; a partial class with attributes on several parts is found once for each part.</summary>
    private static EquatableArray<ListenerModel> Sort(ImmutableArray<ListenerModel> listeners) => listeners
        .GroupBy(l => l.FullName, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => g.First() with { Rows = g.SelectMany(l => l.Rows).Distinct().ToEquatableArray() })
        .ToEquatableArray();
}
