using System.Collections.Immutable;
using System.Composition;
using Ipc.Generators.Wiring;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.CodeFixes;

/// <summary>IPC0015: moves <c>AddHostedService</c> into <c>OnSupervisor</c>, behind the <c>AddIpcWorkers</c> of the same block, with its comments.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveHostedServiceCodeFix))]
[Shared]
public sealed class MoveHostedServiceCodeFix : SyntaxCodeFix<InvocationExpressionSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["IPC0015"];

    /// <inheritdoc/>
    /// <remarks>None: each fix changes the same call.</remarks>
    public override FixAllProvider? GetFixAllProvider() => null;

    private protected override SyntaxFix? Find(SemanticModel model, InvocationExpressionSyntax node, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (node is not { Parent: ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement, Expression: MemberAccessExpressionSyntax access }
            || model.GetSymbolInfo(node, cancellationToken).Symbol is not IMethodSymbol { ReducedFrom: not null }
            || access.Expression.DescendantNodesAndSelf().Any(n => n is InvocationExpressionSyntax)
            || FindWiring(model, statement, cancellationToken) is not { } wiring
            || node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => !IsKnownAt(model, name, node, wiring.SpanStart, cancellationToken)))
        {
            return null;
        }

        string parameter = FreeName(model, wiring.SpanStart);
        return new SyntaxFix("Move into OnSupervisor", [Scope(statement)], scope => Fix(scope, statement, node, access, wiring, parameter));
    }

    /// <summary>The block, or the file whose top-level statements it is one of.</summary>
    private static SyntaxNode Scope(StatementSyntax statement) => statement.Parent is GlobalStatementSyntax global ? global.Parent! : statement.Parent!;

    /// <summary>The wiring call among the statements beside it: one inside other statements or types may run at another time, or never.</summary>
    private static InvocationExpressionSyntax? FindWiring(SemanticModel model, StatementSyntax statement, CancellationToken cancellationToken)
    {
        IEnumerable<StatementSyntax> statements = Scope(statement) is BlockSyntax block
            ? block.Statements
            : ((CompilationUnitSyntax)Scope(statement)).Members.OfType<GlobalStatementSyntax>().Select(g => g.Statement);
        return statements
            .SelectMany(s => s.DescendantNodes(inner => inner == s ? s is not LocalFunctionStatementSyntax : inner is not StatementSyntax))
            .OfType<InvocationExpressionSyntax>()
            .FirstOrDefault(call => WiringParser.MayBeWiring(call)
                && model.GetSymbolInfo(call, cancellationToken).Symbol is IMethodSymbol method && WiringSymbols.IsWiring(method.ReducedFrom ?? method));
    }

    /// <summary>Whether a name in the moved code means something at the wiring call too: a local that comes later, or has no value yet, does not.</summary>
    private static bool IsKnownAt(SemanticModel model, IdentifierNameSyntax name, SyntaxNode moved, int position, CancellationToken cancellationToken) =>
        model.GetSymbolInfo(name, cancellationToken).Symbol is not ILocalSymbol local
        || local.DeclaringSyntaxReferences.All(reference => moved.Span.Contains(reference.Span)
            || (reference.Span.End <= position && reference.GetSyntax(cancellationToken) is not VariableDeclaratorSyntax { Initializer: null }));

    private static string FreeName(SemanticModel model, int position)
    {
        bool IsFree(string name) => !model.LookupSymbols(position, name: name).Any(s => s is ILocalSymbol or IParameterSymbol or IRangeVariableSymbol);

        return IsFree("services") ? "services"
            : IsFree("supervised") ? "supervised"
            : Enumerable.Range(2, int.MaxValue - 2).Select(i => $"supervised{i}").First(IsFree);
    }

    private static SyntaxNode Fix(
        SyntaxNode scope, StatementSyntax statement, InvocationExpressionSyntax hosted, MemberAccessExpressionSyntax access, InvocationExpressionSyntax wiring, string parameter)
    {
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
        StatementSyntax wired = wiring.FirstAncestorOrSelf<StatementSyntax>()!;
        SyntaxNode changed = scope.TrackNodes(wiring, wired, removed);
        changed = changed.ReplaceNode(changed.GetCurrentNode(wiring)!, supervised);
        StatementSyntax current = changed.GetCurrentNode(wired)!;
        changed = changed.ReplaceNode(current, WithComments(current, statement));
        return changed.RemoveNode(changed.GetCurrentNode(removed)!, SyntaxRemoveOptions.KeepUnbalancedDirectives)!;
    }

    /// <summary>The statement with another's comments above it, each on a line of its own.</summary>
    private static StatementSyntax WithComments(StatementSyntax statement, StatementSyntax other)
    {
        SyntaxTrivia[] comments = [.. other.GetLeadingTrivia().Concat(other.GetTrailingTrivia())
            .Where(t => t.IsKind(SyntaxKind.SingleLineCommentTrivia) || t.IsKind(SyntaxKind.MultiLineCommentTrivia))];
        if (comments.Length == 0)
        {
            return statement;
        }

        SyntaxTrivia lineEnd = other.SyntaxTree.GetRoot().DescendantTrivia().Where(t => t.IsKind(SyntaxKind.EndOfLineTrivia)).DefaultIfEmpty(SyntaxFactory.LineFeed).First();
        SyntaxTriviaList leading = statement.GetLeadingTrivia();
        SyntaxTriviaList indentation = leading.Count > 0 && leading.Last().IsKind(SyntaxKind.WhitespaceTrivia) ? [leading.Last()] : [];
        foreach (SyntaxTrivia comment in comments)
        {
            leading = leading.Add(comment).Add(lineEnd).AddRange(indentation);
        }

        return statement.WithLeadingTrivia(leading);
    }
}
