using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Ipc.Generators.CodeFixes;

/// <summary>What all fixes share: each looks at one node and changes nodes of its file.</summary>
/// <typeparam name="TNode">The syntax that is marked, or that stands around what is marked.</typeparam>
/// <remarks>A file's fixes are made in one step: Roslyn's batch fixer leaves out those whose text touches another's, such as calls inside calls.</remarks>
public abstract class SyntaxCodeFix<TNode> : CodeFixProvider
    where TNode : SyntaxNode
{
    private protected SyntaxCodeFix()
    {
    }

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() =>
        FixAllProvider.Create((context, document, diagnostics) => FixAllAsync(document, diagnostics, context.CancellationToken));

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } fix)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(fix.Title, token => ApplyAsync(context.Document, [fix], token), equivalenceKey: diagnostic.Id), diagnostic);
            }
        }
    }

    /// <summary>Finds out what is to be done.</summary>
    /// <param name="model">The file's meaning.</param>
    /// <param name="node">The node.</param>
    /// <param name="diagnostic">What was found wrong with it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> when the place is left to a person.</returns>
    private protected abstract SyntaxFix? Find(SemanticModel model, TNode node, Diagnostic diagnostic, CancellationToken cancellationToken);

    private static async Task<Document> ApplyAsync(Document document, IEnumerable<SyntaxFix> fixes, CancellationToken cancellationToken)
    {
        var changes = new Dictionary<SyntaxNode, Func<SyntaxNode, SyntaxNode>>();
        foreach (SyntaxFix fix in fixes)
        {
            foreach (SyntaxNode node in fix.Nodes)
            {
                changes[node] = fix.Change;
            }
        }

        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        return document.WithSyntaxRoot(root!.ReplaceNodes(changes.Keys, (original, current) => changes[original](current)));
    }

    private async Task<Document?> FixAllAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var fixes = new List<SyntaxFix>();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (await FindAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is { } fix)
            {
                fixes.Add(fix);
            }
        }

        return await ApplyAsync(document, fixes, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SyntaxFix?> FindAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        TNode? node = root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<TNode>();
        return model is null || node is null ? null : Find(model, node, diagnostic, cancellationToken);
    }
}
