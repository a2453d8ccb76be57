using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.CodeFixes;

/// <summary>IPC1001: makes a message type, and the types around it, <c>partial</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialCodeFix))]
[Shared]
public sealed class MakePartialCodeFix : SyntaxCodeFix<TypeDeclarationSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["IPC1001"];

    private protected override SyntaxFix? Find(SemanticModel model, TypeDeclarationSyntax node, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        // A nested partial type needs every type around it to be partial too.
        SyntaxNode[] types = [.. node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Where(t => !t.Modifiers.Any(SyntaxKind.PartialKeyword))];
        return new SyntaxFix("Make partial", types, type => AddPartial((TypeDeclarationSyntax)type));
    }

    private static TypeDeclarationSyntax AddPartial(TypeDeclarationSyntax type)
    {
        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (type.Modifiers.Count > 0)
        {
            return type.WithModifiers(type.Modifiers.Add(partial));
        }

        // Without modifiers the comments in front of the type hang on its keyword; after attributes they hang on the attributes.
        SyntaxTriviaList leading = type.Keyword.LeadingTrivia;
        return type.WithKeyword(type.Keyword.WithLeadingTrivia()).WithModifiers([partial.WithLeadingTrivia(leading)]);
    }
}
