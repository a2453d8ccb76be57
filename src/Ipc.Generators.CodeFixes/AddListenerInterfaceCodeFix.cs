using System.Collections.Immutable;
using System.Composition;
using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Ipc.Generators.CodeFixes;

/// <summary>IPC0001: adds the listener interface that the class's <c>HandleAsync</c> fits, or one for any message with an empty method.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddListenerInterfaceCodeFix))]
[Shared]
public sealed class AddListenerInterfaceCodeFix : SyntaxCodeFix<TypeDeclarationSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["IPC0001"];

    private protected override SyntaxFix? Find(SemanticModel model, TypeDeclarationSyntax node, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (model.GetDeclaredSymbol(node, cancellationToken) is not INamedTypeSymbol symbol)
        {
            return null;
        }

        string? fitting = FittingInterface(symbol);
        return new SyntaxFix(
            fitting is null ? "Implement IListener<MessageBody>" : $"Implement {Short(fitting)}",
            [node],
            type => Fix((TypeDeclarationSyntax)type, fitting ?? "global::Ipc.IListener<global::Ipc.MessageBody>", addMethod: fitting is null));
    }

    private static string? FittingInterface(INamedTypeSymbol type)
    {
        foreach (IMethodSymbol method in type.GetMembers("HandleAsync").OfType<IMethodSymbol>())
        {
            if (method is { Parameters.Length: 3, ReturnType: INamedTypeSymbol returned }
                && method.Parameters[1].Type.IsNamed("Ipc.MessageContext")
                && method.Parameters[2].Type.IsNamed(KnownNames.CancellationToken))
            {
                string message = method.Parameters[0].Type.ToDisplayString(TypeRef.Format);
                if (returned.IsNamed("System.Threading.Tasks.ValueTask"))
                {
                    return $"global::Ipc.IListener<{message}>";
                }

                if (returned.IsNamed("System.Threading.Tasks.ValueTask`1"))
                {
                    return $"global::Ipc.IListener<{message}, {returned.TypeArguments[0].ToDisplayString(TypeRef.Format)}>";
                }
            }
        }

        return null;
    }

    private static TypeDeclarationSyntax Fix(TypeDeclarationSyntax type, string added, bool addMethod)
    {
        BaseTypeSyntax implemented = SyntaxFactory.SimpleBaseType(SyntaxFactory.ParseTypeName(added)).WithAdditionalAnnotations(Simplifier.Annotation);
        TypeDeclarationSyntax changed;
        if (type.BaseList is null)
        {
            // The line break behind the head moves behind the new base list.
            SyntaxToken last = type.TypeParameterList?.GetLastToken() ?? type.Identifier;
            last = type.ParameterList?.GetLastToken() ?? last;
            SyntaxTriviaList trailing = last.TrailingTrivia;
            TypeDeclarationSyntax bare = type.ReplaceToken(last, last.WithTrailingTrivia(SyntaxFactory.Space));
            changed = bare.WithBaseList(SyntaxFactory.BaseList([implemented])
                .WithColonToken(SyntaxFactory.Token(SyntaxKind.ColonToken).WithTrailingTrivia(SyntaxFactory.Space))
                .WithTrailingTrivia(trailing));
        }
        else
        {
            SyntaxTriviaList trailing = type.BaseList.GetTrailingTrivia();
            changed = type.WithBaseList(type.BaseList.WithoutTrailingTrivia().AddTypes(implemented).WithTrailingTrivia(trailing));
        }

        if (addMethod)
        {
            MemberDeclarationSyntax method = SyntaxFactory.ParseMemberDeclaration(
                "public global::System.Threading.Tasks.ValueTask HandleAsync(global::Ipc.MessageBody message, global::Ipc.MessageContext context, global::System.Threading.CancellationToken cancellationToken) => default;")!;
            if (changed.OpenBraceToken.IsKind(SyntaxKind.None))
            {
                SyntaxTriviaList behind = changed.SemicolonToken.TrailingTrivia;
                changed = changed.WithSemicolonToken(default)
                    .WithOpenBraceToken(SyntaxFactory.Token(SyntaxKind.OpenBraceToken))
                    .WithCloseBraceToken(SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithTrailingTrivia(behind));
            }

            changed = changed.AddMembers(method.WithAdditionalAnnotations(Simplifier.Annotation));
        }

        return changed.WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static string Short(string type) => type.Replace("global::Ipc.", "").Replace("global::", "");
}
