using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Ipc.Generators.Wiring;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ipc.Generators.Analyzers;

/// <summary>Marks <c>AddHostedService</c> outside <c>OnSupervisor</c> and <c>OnWorkers</c>: such a service runs in the supervisor and in every worker.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HostedServiceAnalyzer : IpcAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.HostedServiceEverywhere];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterCompilationStartAction(Start);

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (context.Compilation.GetTypeByMetadataName(KnownNames.ListenerTable) is null || !AssemblyModels.IsExecutable(context.Compilation))
        {
            return;
        }

        // By the call's name and only when it is needed: a rule that waited for the compilation's end could not offer its fix in an editor.
        var isWired = new Lazy<bool>(() => context.Compilation.SyntaxTrees.Any(
            tree => tree.GetRoot(context.CancellationToken).DescendantNodes().Any(WiringParser.MayBeWiring)));
        context.RegisterOperationAction(operation => Analyze(operation, isWired), OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context, Lazy<bool> isWired)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (invocation.TargetMethod.Name == "AddHostedService"
            && invocation.TargetMethod.ContainingType.IsNamed(KnownNames.HostedServiceExtensions)
            && !IsInsideRole(invocation)
            && isWired.Value)
        {
            context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.HostedServiceEverywhere, invocation.Syntax.GetLocation()));
        }
    }

    private static bool IsInsideRole(IOperation operation)
    {
        for (IOperation? current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IInvocationOperation { TargetMethod: { Name: "OnSupervisor" or "OnWorkers" } method }
                && method.ContainingType.IsNamed(KnownNames.WorkersBuilder))
            {
                return true;
            }
        }

        return false;
    }
}
