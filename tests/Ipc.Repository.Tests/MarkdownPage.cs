using System.Text;
using System.Text.RegularExpressions;

namespace Ipc.Repository.Tests;

/// <summary>A Markdown file: its links, headings and blocks of code.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string path, string text)
    {
        FilePath = path;
        Text = text;
        Prose = CodeBlock().Replace(text, "");
    }

    /// <summary>The path from the root.</summary>
    public string FilePath { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The text without blocks of code.</summary>
    public string Prose { get; }

    /// <summary>The targets of all links.</summary>
    public IEnumerable<string> Links => Link().Matches(Prose).Select(match => match.Groups[1].Value);

    /// <summary>The anchors of all headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Prose).Select(match => Slug(match.Groups[1].Value));

    /// <summary>Reads a page by its path from the root.</summary>
    public static MarkdownPage Read(string path) => new(path, Repository.Read(path).ReplaceLineEndings("\n"));

    /// <summary>The blocks of code in a language, without their fences.</summary>
    public IEnumerable<string> CodeBlocks(string language) =>
        CodeBlock().Matches(Text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    private static string Slug(string heading)
    {
        var slug = new StringBuilder();
        foreach (char c in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
            {
                slug.Append(c);
            }
            else if (c == ' ')
            {
                slug.Append('-');
            }
        }

        return slug.ToString();
    }

    [GeneratedRegex(@"^```(\w*)[^\n]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"(?<!\\)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
