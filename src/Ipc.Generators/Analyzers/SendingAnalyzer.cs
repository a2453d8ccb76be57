using System.Collections.Immutable;
using Ipc.Generators.Common;
using Ipc.Generators.Diagnostics;
using Ipc.Generators.Listeners;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ipc.Generators.Analyzers;

/// <summary>Looks at bodies that are sent under a named action or topic, which the type system lets pass whatever they are.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SendingAnalyzer : IpcAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.BodyIsTarget, DiagnosticDescriptors.NoSerializer];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (SenderMethods.IsOfTopics(invocation.TargetMethod))
        {
            foreach (ITypeSymbol travelling in invocation.TargetMethod.TypeArguments)
            {
                Check(context, travelling, invocation.Syntax);
            }

            return;
        }

        if (SendCall.TryRead(invocation) is not { FreeBody: { } body } call)
        {
            return;
        }

        if (body.IsNamed(KnownNames.Target))
        {
            context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.BodyIsTarget, call.BodySyntax.GetLocation(), call.Method));
        }
        else
        {
            Check(context, body, call.BodySyntax);
        }

        if (call.FreeResponse is { } response)
        {
            Check(context, response, context.Operation.Syntax);
        }
    }

    private static void Check(OperationAnalysisContext context, ITypeSymbol travelling, SyntaxNode place)
    {
        if (travelling.TypeKind is not (TypeKind.TypeParameter or TypeKind.Error) && SerializerExpression.For(travelling) is null)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.NoSerializer, place.GetLocation(), travelling.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        }
    }
}
