using System.Collections.Immutable;
using Ipc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Messages;

/// <summary>Reports what is wrong with message types; the generator itself leaves them out in silence.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessageAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        DiagnosticDescriptors.MessageNotPartial,
        DiagnosticDescriptors.KeyReused,
        DiagnosticDescriptors.KeyMissing,
        DiagnosticDescriptors.MemberTypeNotSupported,
        DiagnosticDescriptors.CustomFormatter,
        DiagnosticDescriptors.BadUnion,
        DiagnosticDescriptors.NoMessageConstructor,
        DiagnosticDescriptors.EmptyMessageAction,
        DiagnosticDescriptors.KeyOutOfRange,
        DiagnosticDescriptors.MessageTypeNotSupported,
        DiagnosticDescriptors.MemberNotReadable,
        DiagnosticDescriptors.RequiredMemberStays,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (KnownAttributes.IsMessage(type) || KnownAttributes.IsForeignMessage(type))
        {
            MessageParser.Parse(type, context.Compilation.Assembly, context.ReportDiagnostic, context.CancellationToken);
        }
    }
}
