namespace Ipc.Repository.Tests;

/// <summary>What <c>dotnet test Ipc.sln</c> runs is all there is.</summary>
public sealed class SolutionTests
{
    private static readonly string[] Folders = ["src", "tests", "samples", "benchmarks"];

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("Ipc.sln").Replace('\\', '/');

        Assert.Empty(Folders
            .SelectMany(folder => Repository.Files(folder, ".csproj"))
            .Where(path => !IsTestAsset(path) && !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_test_project_has_a_runner()
    {
        string[] withoutRunner =
        [
            .. Repository.Files("tests", ".csproj")
                .Where(path => path.EndsWith(".Tests.csproj", StringComparison.Ordinal))
                .Where(path => !ProjectFile.Read(path).Packages.Contains("xunit.runner.visualstudio")),
        ];

        Assert.Empty(withoutRunner);
    }

    [Fact]
    public void Package_versions_are_central()
    {
        Assert.Empty(Folders
            .SelectMany(folder => Repository.Files(folder, ".csproj"))
            .Where(path => !IsTestAsset(path))
            .Where(path => System.Text.RegularExpressions.Regex.IsMatch(Repository.Read(path), "<PackageReference[^>]*Version=")));
    }

    /// <summary>Programs that a test builds itself, from a copy, are no part of the solution.</summary>
    private static bool IsTestAsset(string path) => path.Contains("/assets/", StringComparison.OrdinalIgnoreCase);
}
