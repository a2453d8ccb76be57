using System.Text.RegularExpressions;

namespace Ipc.Repository.Tests;

/// <summary>Pages that a reader can follow to the end.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_link_between_pages_resolves()
    {
        var broken = new List<string>();
        foreach (string path in Pages())
        {
            MarkdownPage page = MarkdownPage.Read(path);
            foreach (string link in page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
            {
                if (!Resolves(page, link))
                {
                    broken.Add($"{path} -> {link}");
                }
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_index()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(["docs/index.md"]);
        while (waiting.TryDequeue(out string? path))
        {
            if (!reached.Add(path) || !Repository.Exists(path))
            {
                continue;
            }

            if (!path.EndsWith(".md", StringComparison.Ordinal))
            {
                // A link to a folder shows its files.
                reached.UnionWith(Repository.Files(path, ".md"));
                continue;
            }

            foreach (string link in MarkdownPage.Read(path).Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
            {
                waiting.Enqueue(TargetOf(path, link.Split('#')[0]));
            }
        }

        Assert.Empty(Repository.Files("docs", ".md").Where(page => !reached.Contains(page)));
    }

    [Fact]
    public void Decisions_are_numbered_once_and_short()
    {
        string[] decisions = [.. Repository.Files("docs/decisions", ".md")];

        Assert.NotEmpty(decisions);
        Assert.All(decisions, path => Assert.Matches(DecisionName(), Path.GetFileName(path)));
        Assert.Equal(decisions.Length, decisions.Select(path => Path.GetFileName(path)[..3]).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(decisions.Where(path => Repository.Read(path).TrimEnd().Split('\n').Length > 40));
    }

    private static IEnumerable<string> Pages() =>
        Repository.Files("docs", ".md").Concat(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]).Concat(Repository.Files("templates", ".md"));

    private static bool Resolves(MarkdownPage page, string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? page.FilePath : TargetOf(page.FilePath, parts[0]);
        if (!Repository.Exists(target))
        {
            return false;
        }

        return parts.Length == 1 || !target.EndsWith(".md", StringComparison.Ordinal)
            || MarkdownPage.Read(target).Anchors.Contains(parts[1], StringComparer.Ordinal);
    }

    private static string TargetOf(string page, string link)
    {
        string full = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link));
        return Path.GetRelativePath(Repository.Root, full).Replace('\\', '/');
    }

    [GeneratedRegex(@"^\d{3}-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();
}
