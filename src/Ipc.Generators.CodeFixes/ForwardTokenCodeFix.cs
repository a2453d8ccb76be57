using System.Collections.Immutable;
using System.Composition;
using Ipc.Generators.Analyzers;
using Ipc.Generators.Messages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ipc.Generators.CodeFixes;

/// <summary>IPC0014: hands the listener's token to the call.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ForwardTokenCodeFix))]
[Shared]
public sealed class ForwardTokenCodeFix : SyntaxCodeFix<InvocationExpressionSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["IPC0014"];

    private protected override SyntaxFix? Find(SemanticModel model, InvocationExpressionSyntax node, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (!diagnostic.Properties.TryGetValue(CancellationTokenAnalyzer.TokenProperty, out string? token) || token is null)
        {
            return null;
        }

        diagnostic.Properties.TryGetValue(CancellationTokenAnalyzer.NameProperty, out string? name);
        return new SyntaxFix($"Forward '{token}'", [node], current => AddArgument((InvocationExpressionSyntax)current, token, name));
    }

    private static InvocationExpressionSyntax AddArgument(InvocationExpressionSyntax invocation, string token, string? name)
    {
        ArgumentSyntax argument = SyntaxFactory.Argument(SyntaxFactory.IdentifierName(MessageNames.Escape(token)));
        if (name is not null)
        {
            argument = argument.WithNameColon(SyntaxFactory.NameColon(
                SyntaxFactory.IdentifierName(MessageNames.Escape(name)), SyntaxFactory.Token(SyntaxKind.ColonToken).WithTrailingTrivia(SyntaxFactory.Space)));
        }

        SeparatedSyntaxList<ArgumentSyntax> arguments = invocation.ArgumentList.Arguments;
        if (arguments.Count == 0)
        {
            return invocation.WithArgumentList(invocation.ArgumentList.WithArguments([argument]));
        }

        SyntaxToken comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        return invocation.WithArgumentList(invocation.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(
            arguments.Concat([argument]), arguments.GetSeparators().Concat([comma]))));
    }
}
