using System.Text.RegularExpressions;

namespace Ipc.Repository.Tests;

/// <summary>One requirement and what shows that it is met.</summary>
/// <param name="Id">For example <c>repo-1</c>.</param>
/// <param name="Words">The requirement's own words.</param>
/// <param name="Evidence">Names of tests and commands in backticks, or <c>not yet: reason</c>.</param>
/// <param name="LastOutput">What the evidence said when it was run last.</param>
internal sealed partial record TraceabilityRow(string Id, string Words, string Evidence, string LastOutput)
{
    private const string NotYet = "not yet: ";

    /// <summary>Whether the row says that, and why, there is no evidence.</summary>
    public bool IsNotYet => Evidence.StartsWith(NotYet, StringComparison.Ordinal) && Evidence.Length > NotYet.Length + 3;

    /// <summary>Reads the rows of a page's tables.</summary>
    public static IReadOnlyList<TraceabilityRow> Parse(string page) =>
    [
        .. page.ReplaceLineEndings("\n").Split('\n')
            .Where(line => Row().IsMatch(line))
            .Select(line => CellBorder().Split(line.Trim().Trim('|')).Select(cell => cell.Trim()).ToArray())
            .Select(cells => new TraceabilityRow(cells[0], cells.ElementAtOrDefault(1) ?? "", cells.ElementAtOrDefault(2) ?? "", cells.ElementAtOrDefault(3) ?? "")),
    ];

    /// <summary>What is wrong with the row, given the names of tests that exist.</summary>
    public IEnumerable<string> Faults(IReadOnlySet<string> tests)
    {
        if (Words.Length == 0)
        {
            yield return $"{Id}: the requirement's words are missing.";
        }

        if (IsNotYet)
        {
            yield break;
        }

        string[] quoted = [.. Quoted().Matches(Evidence).Select(match => match.Groups[1].Value)];
        if (quoted.Length == 0)
        {
            yield return $"{Id}: names neither a test nor a command, nor says \"{NotYet}<reason>\".";
        }

        if (LastOutput.Length == 0)
        {
            yield return $"{Id}: the last output is missing.";
        }

        foreach (string name in quoted.Where(name => name.StartsWith("Ipc.", StringComparison.Ordinal) && !name.Contains(' ', StringComparison.Ordinal)))
        {
            if (!tests.Contains(name))
            {
                yield return $"{Id}: there is no test {name}.";
            }
        }
    }

    [GeneratedRegex(@"^\| *[a-z]+-\d+ *\|")]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
