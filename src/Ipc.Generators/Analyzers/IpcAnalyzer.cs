using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Analyzers;

/// <summary>What all rules share: they look at hand-written code only and run concurrently.</summary>
public abstract class IpcAnalyzer : DiagnosticAnalyzer
{
    private protected IpcAnalyzer()
    {
    }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        Register(context);
    }

    /// <summary>Registers the rule's actions.</summary>
    private protected abstract void Register(AnalysisContext context);
}
