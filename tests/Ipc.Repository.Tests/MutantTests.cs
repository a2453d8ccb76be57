using System.Diagnostics;

namespace Ipc.Repository.Tests;

/// <summary>Patches that break a law each rot silently: nothing runs them every day.</summary>
public sealed class MutantTests
{
    private static readonly string[][] Listed =
        [.. Repository.Read("tests/mutants/mutants.txt").Split('\n').Where(line => line.Length != 0 && line[0] != '#').Select(line => line.Split(' '))];

    public static TheoryData<string> Patches() => [.. Repository.Files("tests/mutants", ".patch")];

    [Theory]
    [MemberData(nameof(Patches))]
    public void Every_patch_applies_to_the_sources_as_they_are(string patch)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["apply", "--check", patch]) { WorkingDirectory = Repository.Root, RedirectStandardError = true })!;
        string error = git.StandardError.ReadToEnd();
        git.WaitForExit();

        Assert.True(git.ExitCode == 0, $"{error}Make the same change to the sources, and: git diff -U1 src > {patch}");
    }

    [Fact]
    public void Every_patch_is_listed_with_its_law_and_a_test_that_there_is()
    {
        Assert.Equal(Repository.Files("tests/mutants", ".patch").Select(Path.GetFileNameWithoutExtension), Listed.Select(entry => entry[0]).Order(StringComparer.Ordinal));
        Assert.All(Listed, entry => Assert.Contains(entry[2], TestIndex.Names));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], Listed.Select(entry => entry[1]).Distinct().Order(StringComparer.Ordinal));
    }
}
