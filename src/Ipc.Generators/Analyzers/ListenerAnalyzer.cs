using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ipc.Generators.Analyzers;

/// <summary>Reports what the parser finds wrong with a listener class; such a class is left out of the table.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ListenerAnalyzer : IpcAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        DiagnosticDescriptors.NoListenerInterface,
        DiagnosticDescriptors.EmptyAction,
        DiagnosticDescriptors.AnswerTypeDiffers,
        DiagnosticDescriptors.UnusableConstructor,
        DiagnosticDescriptors.NotConstructible,
        DiagnosticDescriptors.NotAccessible,
        DiagnosticDescriptors.RunsNowhere,
        DiagnosticDescriptors.NoSerializer,
        DiagnosticDescriptors.ForeignPrefix,
        DiagnosticDescriptors.AmbiguousEvent,
        DiagnosticDescriptors.UnknownFamily,
        DiagnosticDescriptors.SenselessRedelivery,
        DiagnosticDescriptors.EventTypeDiffers,
        DiagnosticDescriptors.UnknownEvent,
        DiagnosticDescriptors.ImpossibleSubscription,
    ];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        AttributeData[] attributes = ListenerAttributes.Of(type);
        if (attributes.Length > 0)
        {
            new ListenerParser(type, context.ReportDiagnostic).Parse(attributes, context.CancellationToken);
        }
    }
}
