using System.Text.RegularExpressions;

namespace Ipc.Repository.Tests;

/// <summary>Each diagnostic has a help page, and no page outlives its diagnostic.</summary>
public sealed partial class DiagnosticPageTests
{
    [Fact]
    public void Every_diagnostic_has_a_help_page_and_every_page_a_diagnostic()
    {
        SortedSet<string> ids = [.. Repository.Files("src", ".cs")
            .Where(path => path.StartsWith("src/Ipc.Generators", StringComparison.Ordinal))
            .SelectMany(path => Id().Matches(Repository.Read(path)))
            .Select(match => match.Groups[1].Value)];
        SortedSet<string> pages = [.. Repository.Files("docs/diagnostics", ".md")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name.StartsWith("IPC", StringComparison.Ordinal))];

        Assert.NotEmpty(ids);
        Assert.Equal(ids, pages);
    }

    [Fact]
    public void Every_diagnostic_is_listed_among_the_analyzer_releases()
    {
        string releases = string.Concat(Repository.Files("src/Ipc.Generators", ".md").Select(Repository.Read));

        Assert.Empty(Repository.Files("docs/diagnostics", ".md")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name.StartsWith("IPC", StringComparison.Ordinal) && !releases.Contains(name, StringComparison.Ordinal)));
    }

    [GeneratedRegex("\"(IPC\\d+)\"")]
    private static partial Regex Id();
}
