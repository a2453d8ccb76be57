using System.Collections.Immutable;
using System.Composition;
using Ipc.Generators.Wiring;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.CodeFixes;

/// <summary>IPC0015: moves <c>AddHostedService</c> into <c>OnSupervisor</c>, behind the <c>AddIpcWorkers</c> of the same method.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveHostedServiceCodeFix))]
[Shared]
public sealed class MoveHostedServiceCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["IPC0015"];

    /// <inheritdoc/>
    /// <remarks>None: each fix changes the same call.</remarks>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        InvocationExpressionSyntax? hosted = root?.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>();
        if (root is null
            || hosted is not { Parent: ExpressionStatementSyntax statement, Expression: MemberAccessExpressionSyntax access }
            || FindWiring(statement) is not { } wiring)
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                "Move into OnSupervisor", _ => Task.FromResult(context.Document.WithSyntaxRoot(Fix(root, statement, hosted, access, wiring))), equivalenceKey: nameof(MoveHostedServiceCodeFix)),
            context.Diagnostics);
    }

    /// <summary>The wiring call in the same method or among the same top-level statements.</summary>
    private static InvocationExpressionSyntax? FindWiring(StatementSyntax statement)
    {
        SyntaxNode? body = statement.Parent is GlobalStatementSyntax ? statement.Parent.Parent : statement.FirstAncestorOrSelf<BlockSyntax>();
        return body?.DescendantNodes().OfType<InvocationExpressionSyntax>().FirstOrDefault(WiringParser.MayBeWiring);
    }

    private static SyntaxNode Fix(
        SyntaxNode root, ExpressionStatementSyntax statement, InvocationExpressionSyntax hosted, MemberAccessExpressionSyntax access, InvocationExpressionSyntax wiring)
    {
        string parameter = NameOf(access.Expression) == "services" ? "supervised" : "services";
        InvocationExpressionSyntax moved = hosted
            .WithExpression(access.WithExpression(SyntaxFactory.IdentifierName(parameter)))
            .WithoutTrivia();
        SimpleLambdaExpressionSyntax lambda = SyntaxFactory.SimpleLambdaExpression(
                SyntaxFactory.Parameter(SyntaxFactory.Identifier(parameter)).WithTrailingTrivia(SyntaxFactory.Space), moved)
            .WithArrowToken(SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithTrailingTrivia(SyntaxFactory.Space));
        InvocationExpressionSyntax supervised = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, wiring.WithoutTrailingTrivia(), SyntaxFactory.IdentifierName("OnSupervisor")),
            SyntaxFactory.ArgumentList([SyntaxFactory.Argument(lambda)])).WithTrailingTrivia(wiring.GetTrailingTrivia());

        SyntaxNode removed = statement.Parent is GlobalStatementSyntax global ? global : statement;
        SyntaxNode tracked = root.TrackNodes(wiring, removed);
        tracked = tracked.ReplaceNode(tracked.GetCurrentNode(wiring)!, supervised);
        return tracked.RemoveNode(tracked.GetCurrentNode(removed)!, SyntaxRemoveOptions.KeepUnbalancedDirectives)!;
    }

    private static string? NameOf(ExpressionSyntax expression) => (expression as IdentifierNameSyntax)?.Identifier.ValueText;
}
