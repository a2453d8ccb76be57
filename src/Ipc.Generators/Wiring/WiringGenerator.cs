using Ipc.Generators.Common;
using Ipc.Generators.Listeners;
using Ipc.Generators.Listeners.Model;
using Ipc.Generators.Wiring.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Wiring;

/// <summary>Intercepts the calls of <c>AddIpcWorkers</c>, <c>AddIpcWorkersInProcess</c>, <c>AddIpcClient</c> and <c>AddIpcEndpoint</c>, to hand over the assembly's table.</summary>
[Generator(LanguageNames.CSharp)]
public sealed partial class WiringGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<WiringCall> calls = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => WiringParser.MayBeWiring(node), WiringParser.Parse)
            .Where(static call => call is not null)
            .Select(static (call, _) => call!)
            .WithTrackingName(TrackingNames.Calls);

        IncrementalValueProvider<AssemblyModel> assembly = context.CompilationProvider.Select(static (compilation, _) => AssemblyModels.From(compilation));

        IncrementalValueProvider<bool> isTestProject = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => IsTestProject(options));

        IncrementalValueProvider<WiringModel> wiring = calls.Collect().Combine(assembly).Combine(isTestProject)
            .Select(static (parts, _) => new WiringModel(
                parts.Left.Right,
                parts.Right,
                parts.Left.Left.OrderBy(c => c.Place, StringComparer.Ordinal).ThenBy(c => c.Attribute, StringComparer.Ordinal).ToEquatableArray()))
            .WithTrackingName(TrackingNames.Wiring);

        context.RegisterSourceOutput(wiring, static (output, model) => Emitter.Emit(output, model));
    }

    private static bool IsTestProject(AnalyzerConfigOptionsProvider options) =>
        options.GlobalOptions.TryGetValue("build_property.IsTestProject", out string? value) && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
