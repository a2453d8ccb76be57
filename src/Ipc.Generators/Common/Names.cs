using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Common;

/// <summary>Makes identifiers and literals for emitted code.</summary>
internal static class Names
{
    /// <summary>An assembly's name as one identifier: what is not legal in an identifier becomes <c>_</c>.</summary>
    public static string Mangle(string assemblyName)
    {
        var text = new StringBuilder(assemblyName.Length + 1);
        foreach (char c in assemblyName)
        {
            text.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        }

        if (text.Length == 0 || !SyntaxFacts.IsIdentifierStartCharacter(text[0]))
        {
            text.Insert(0, '_');
        }

        string name = text.ToString();
        return SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "_" + name : name;
    }

    /// <summary>A C# string literal.</summary>
    public static string Literal(string value) => SymbolDisplay.FormatLiteral(value, quote: true);
}
