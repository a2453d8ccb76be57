using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Common;

/// <summary>Makes identifiers and literals for emitted code.</summary>
internal static class Names
{
    /// <summary>What else stands in the namespace of emitted code, so that no assembly's own namespace there may be called so.</summary>
    private static readonly string[] Taken = ["MessageSerializers", "IpcWiringInterceptors", "ClosedServer", "ClosedAddresses"];

    /// <summary>A dotted name as one identifier; different names give different identifiers.</summary>
    /// <remarks>
    /// In plain names, of letters and digits with single dots between, the dots become <c>_</c>. Every other name has a hash of itself at its end, behind
    /// <c>__</c>, which no plain name contains.
    /// </remarks>
    public static string Mangle(string name)
    {
        var text = new StringBuilder(name.Length + 20);
        foreach (char c in name)
        {
            text.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        }

        if (text.Length == 0 || !SyntaxFacts.IsIdentifierStartCharacter(text[0]))
        {
            text.Insert(0, '_');
        }

        return IsPlain(name) ? text.ToString() : text.Append("__").Append(Hash(name)).ToString();
    }

    /// <summary>The namespace, below the one of emitted code, that an assembly has for itself.</summary>
    public static string AssemblyNamespace(string assemblyName) =>
        Array.IndexOf(Taken, assemblyName) >= 0 || assemblyName.EndsWith("Serializer", StringComparison.Ordinal)
            ? $"{Mangle(assemblyName)}__{Hash(assemblyName)}"
            : Mangle(assemblyName);

    /// <summary>A C# string literal.</summary>
    public static string Literal(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    private static bool IsPlain(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None
        && name.Split('.').All(part => part.Length > 0 && part.All(char.IsLetterOrDigit))
        && char.IsLetter(name[0]);

    /// <summary>FNV-1a, 64 bits: the same in every process, unlike a string's own hash code.</summary>
    private static string Hash(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in name)
        {
            hash = unchecked((hash ^ c) * 1099511628211);
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
