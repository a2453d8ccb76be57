using System.Collections.Immutable;
using Ipc.Generators.Analyzers;
using Ipc.Generators.Common;
using Ipc.Generators.Contracts;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ipc.Generators.Messages;

/// <summary>Reports what is wrong with message types; the generator itself leaves them out in silence.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessageAnalyzer : IpcAnalyzer
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
        DiagnosticDescriptors.ForeignTypeRefused,
        DiagnosticDescriptors.MemberNotAccessible,
        DiagnosticDescriptors.CallbacksNotCalled,
    ];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterCompilationStartAction(static start =>
        {
            var reach = new MessageReach(start.Compilation.Assembly);
            start.RegisterSymbolAction(symbol => Analyze(symbol, reach), SymbolKind.NamedType);
            start.RegisterOperationAction(operation => Analyze(operation, reach), OperationKind.Invocation);
        });

    private static void Analyze(SymbolAnalysisContext context, MessageReach reach)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (KnownAttributes.IsMessage(type))
        {
            reach.Message(type, context.ReportDiagnostic, context.CancellationToken);
        }

        if (type.TypeKind == TypeKind.Interface && type.FindAttribute(KnownNames.ServiceAttribute) is not null)
        {
            reach.Travelling(ContractParser.Messages(type, context.CancellationToken), type.Locations[0], context.ReportDiagnostic, context.CancellationToken);
        }

        if (ListenerAttributes.Of(type).Length > 0)
        {
            reach.Travelling(ListenerAttributes.Messages(type), type.Locations[0], context.ReportDiagnostic, context.CancellationToken);
        }
    }

    private static void Analyze(OperationAnalysisContext context, MessageReach reach)
    {
        var call = (IInvocationOperation)context.Operation;
        if (SenderMethods.NamesTypes(call.TargetMethod))
        {
            reach.Travelling(call.TargetMethod.TypeArguments, call.Syntax.GetLocation(), context.ReportDiagnostic, context.CancellationToken);
        }
    }
}
