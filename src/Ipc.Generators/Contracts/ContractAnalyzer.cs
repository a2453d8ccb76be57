using System.Collections.Immutable;
using Ipc.Generators.Analyzers;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Contracts;

/// <summary>Reports what the parser finds wrong with a contract; such a contract gets no proxy and no listeners.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContractAnalyzer : IpcAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        DiagnosticDescriptors.ContractNotSupported,
        DiagnosticDescriptors.ContractMember,
        DiagnosticDescriptors.ContractReturnType,
        DiagnosticDescriptors.ContractParameter,
        DiagnosticDescriptors.ContractCall,
    ];

    private protected override void Register(AnalysisContext context) => context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind == TypeKind.Interface && type.FindAttribute(KnownNames.ServiceAttribute) is not null)
        {
            new ContractParser(type, context.ReportDiagnostic, context.CancellationToken).Parse();
        }
    }
}
