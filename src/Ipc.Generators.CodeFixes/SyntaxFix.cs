using Microsoft.CodeAnalysis;

namespace Ipc.Generators.CodeFixes;

/// <summary>What a fix does to a source file: each of some nodes becomes another, so that several fixes of one file can be made in one step.</summary>
/// <param name="title">What the editor offers.</param>
/// <param name="nodes">The nodes, which stand in the file as it is.</param>
/// <param name="change">Changes a node, in which other fixes may have changed something already.</param>
internal sealed class SyntaxFix(string title, IReadOnlyCollection<SyntaxNode> nodes, Func<SyntaxNode, SyntaxNode> change)
{
    public string Title { get; } = title;

    public IReadOnlyCollection<SyntaxNode> Nodes { get; } = nodes;

    public Func<SyntaxNode, SyntaxNode> Change { get; } = change;
}
