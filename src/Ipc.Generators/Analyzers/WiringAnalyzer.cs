using System.Collections.Concurrent;
using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Ipc.Generators.Wiring;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ipc.Generators.Analyzers;

/// <summary>Looks at where <c>AddIpcWorkers</c> is called, and whether it is called at all.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WiringAnalyzer : IpcAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [DiagnosticDescriptors.NotWired, DiagnosticDescriptors.WiredInLibrary, DiagnosticDescriptors.NotInterceptable];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterCompilationStartAction(Start);

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (context.Compilation.GetTypeByMetadataName(KnownNames.ListenerTable) is null)
        {
            return;
        }

        var state = new State(AssemblyModels.IsExecutable(context.Compilation));
        context.RegisterOperationAction(operation => AnalyzeCall(operation, state), OperationKind.Invocation);
        context.RegisterOperationAction(operation => AnalyzeReference(operation, state), OperationKind.MethodReference);
        if (state.IsExecutable && !IsTestProject(context.Options))
        {
            context.RegisterSymbolAction(symbol => Collect(symbol, state), SymbolKind.NamedType);
            context.RegisterCompilationEndAction(end => ReportNotWired(end, state));
        }
    }

    private static void AnalyzeCall(OperationAnalysisContext context, State state)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (!WiringSymbols.IsWiring(invocation.TargetMethod))
        {
            return;
        }

        state.IsWired = true;
        if (!state.IsExecutable && !WiringSymbols.IsExplicit(invocation.TargetMethod))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.WiredInLibrary, invocation.Syntax.GetLocation(), context.Compilation.AssemblyName));
        }
    }

    private static void AnalyzeReference(OperationAnalysisContext context, State state)
    {
        var reference = (IMethodReferenceOperation)context.Operation;
        if (!WiringSymbols.IsWiring(reference.Method.ReducedFrom ?? reference.Method))
        {
            return;
        }

        state.IsWired = true;
        if (!WiringSymbols.IsExplicit(reference.Method))
        {
            context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.NotInterceptable, reference.Syntax.GetLocation()));
        }
    }

    private static void Collect(SymbolAnalysisContext context, State state)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (ListenerAttributes.Of(type).Length > 0)
        {
            state.Listeners.Add((type.FullName(), type.Locations[0]));
        }
    }

    private static void ReportNotWired(CompilationAnalysisContext context, State state)
    {
        if (state.IsWired || state.Listeners.IsEmpty)
        {
            return;
        }

        // One place is enough: it is one call that is missing.
        (string name, Location location) = state.Listeners.OrderBy(l => l.Name, StringComparer.Ordinal).First();
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.NotWired, location, name));
    }

    private static bool IsTestProject(AnalyzerOptions options) =>
        options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("build_property.IsTestProject", out string? value)
        && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>What one compilation's actions share; written from several threads.</summary>
    private sealed class State(bool isExecutable)
    {
        private volatile bool _isWired;

        public bool IsExecutable { get; } = isExecutable;

        public bool IsWired
        {
            get => _isWired;
            set => _isWired = value;
        }

        public ConcurrentBag<(string Name, Location Location)> Listeners { get; } = [];
    }
}
