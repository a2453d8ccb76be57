using System.Collections.Immutable;
using System.Composition;
using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.CodeFixes;

/// <summary>IPC0016: removes <c>IMI.</c> from an event. IPC0018: puts <c>PIPE_MESSAGE.</c> in front of one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EventNameCodeFix))]
[Shared]
public sealed class EventNameCodeFix : SyntaxCodeFix<AttributeSyntax>
{
    private const string ForeignPrefixId = "IPC0016";
    private const string UnknownFamilyId = "IPC0018";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [ForeignPrefixId, UnknownFamilyId];

    private protected override SyntaxFix? Find(SemanticModel model, AttributeSyntax node, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        // A constant that stands somewhere else is left to the person who knows what else uses it.
        if (node.ArgumentList?.Arguments.FirstOrDefault()?.Expression is not LiteralExpressionSyntax { Token.Value: string written } literal)
        {
            return null;
        }

        bool remove = diagnostic.Id == ForeignPrefixId;
        string name = remove ? written.Substring(KnownNames.ForeignEventPrefix.Length) : KnownNames.MessageEventPrefix + written;
        return new SyntaxFix(
            remove ? "Remove 'IMI.'" : "Put 'PIPE_MESSAGE.' in front",
            [literal],
            current => SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name)).WithTriviaFrom(current));
    }
}
