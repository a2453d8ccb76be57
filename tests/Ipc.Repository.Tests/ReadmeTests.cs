namespace Ipc.Repository.Tests;

/// <summary>What README shows is what is built and run.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Every_command_of_README_is_run_by_CI()
    {
        string ci = Repository.Read(".ci/run");
        string[] commands =
        [
            .. MarkdownPage.Read("README.md").CodeBlocks("bash")
                .SelectMany(block => block.Split('\n'))
                .Select(line => line.Split(" #")[0].Trim())
                .Where(line => line.Length != 0),
        ];

        Assert.Contains("dotnet test Ipc.sln", commands);
        Assert.Empty(commands.Where(command => !ci.Contains(command, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_one_file_program_is_the_one_that_CI_runs()
    {
        Assert.Contains(Repository.Read("samples/app/app.cs").Trim(), Repository.Read("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_each_role_is_at_most_twenty_lines()
    {
        string[] examples = [.. MarkdownPage.Read("README.md").CodeBlocks("csharp").Skip(1)];

        Assert.True(examples.Length >= 3, "One for a sender, one for a listener, one for a listener that answers.");
        Assert.Empty(examples.Where(example => example.TrimEnd().Split('\n').Length > 20));
    }
}
