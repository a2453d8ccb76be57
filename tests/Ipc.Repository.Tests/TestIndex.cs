using System.Text.RegularExpressions;

namespace Ipc.Repository.Tests;

/// <summary>The names of all tests, read from their sources: no project has to be built to check a reference to one.</summary>
internal static partial class TestIndex
{
    /// <summary>Full names of test classes, and of their tests: <c>Namespace.Class</c>, <c>Namespace.Class.Method</c>.</summary>
    public static IReadOnlySet<string> Names { get; } = Read();

    private static HashSet<string> Read()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Repository.Files("tests", ".cs"))
        {
            string text = Repository.Read(path);
            Match space = Namespace().Match(text);
            if (space.Success)
            {
                AddClass(names, space.Groups[1].Value, text);
            }
        }

        return names;
    }

    private static void AddClass(HashSet<string> names, string space, string text)
    {
        Match[] classes = Class().Matches(text).ToArray();
        foreach (Match test in Test().Matches(text))
        {
            // A test belongs to the last class that was opened at the left margin before it.
            Match? owner = classes.LastOrDefault(candidate => candidate.Index < test.Index);
            if (owner is not null)
            {
                names.Add($"{space}.{owner.Groups[1].Value}");
                names.Add($"{space}.{owner.Groups[1].Value}.{test.Groups[1].Value}");
            }
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:public|internal)[\w ]* class (\w+)", RegexOptions.Multiline)]
    private static partial Regex Class();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*(?:\s*(?:\[|//)[^\n]*)*\s*public (?:virtual |async |static |unsafe |override )*\S+ (\w+)\(")]
    private static partial Regex Test();
}
