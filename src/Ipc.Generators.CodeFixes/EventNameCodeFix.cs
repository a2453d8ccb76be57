using System.Collections.Immutable;
using System.Composition;
using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.CodeFixes;

/// <summary>IPC0016: removes <c>IMI.</c> from an event. IPC0018: puts <c>PIPE_MESSAGE.</c> in front of one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EventNameCodeFix))]
[Shared]
public sealed class EventNameCodeFix : CodeFixProvider
{
    private const string ForeignPrefixId = "IPC0016";
    private const string UnknownFamilyId = "IPC0018";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [ForeignPrefixId, UnknownFamilyId];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        AttributeSyntax? attribute = root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeSyntax>();

        // A constant that stands somewhere else is left to the person who knows what else uses it.
        if (root is null || attribute?.ArgumentList?.Arguments.FirstOrDefault()?.Expression is not LiteralExpressionSyntax { Token.Value: string written } literal)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            bool remove = diagnostic.Id == ForeignPrefixId;
            string fixedName = remove ? written.Substring(KnownNames.ForeignEventPrefix.Length) : KnownNames.MessageEventPrefix + written;
            string title = remove ? "Remove 'IMI.'" : "Put 'PIPE_MESSAGE.' in front";
            LiteralExpressionSyntax replacement = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(fixedName)).WithTriviaFrom(literal);
            context.RegisterCodeFix(
                CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(literal, replacement))), equivalenceKey: diagnostic.Id),
                diagnostic);
        }
    }
}
