namespace Ipc.Wiring.Tests;

/// <summary>IpcWorkerProject: a worker program arrives beside the program that starts it.</summary>
public sealed class WorkerProjectTests
{
    private const string Item = """<IpcWorkerProject Include="..\Native.Worker\Native.Worker.csproj" Group="task" />""";

    [Fact]
    public async Task A_build_a_publish_and_a_clean_take_the_worker_program_along()
    {
        using var solution = new TemporarySolution(Item);

        (int exitCode, string output) = await solution.RunAsync("dotnet", "build", "App", "-nologo");
        Assert.True(exitCode == 0, output);
        string built = Path.Combine(solution.Folder, "App", "bin", "Debug", "net10.0", "workers", "task");
        Assert.Equal((0, "worker" + Environment.NewLine), await solution.RunAsync("dotnet", Path.Combine(built, "Native.Worker.dll")));
        Assert.Equal(["task", "App"], await File.ReadAllLinesAsync(Path.Combine(built, "ipc-worker.txt")));

        (exitCode, output) = await solution.RunAsync("dotnet", "publish", "App", "-nologo", "-c", "Release", "-o", "out");
        Assert.True(exitCode == 0, output);
        string published = Path.Combine(solution.Folder, "out", "workers", "task", "Native.Worker.dll");
        Assert.Equal((0, "worker" + Environment.NewLine), await solution.RunAsync("dotnet", published));
        Assert.True(File.Exists(Path.Combine(solution.Folder, "out", "App.dll")));

        (exitCode, output) = await solution.RunAsync("dotnet", "clean", "App", "-nologo");
        Assert.True(exitCode == 0, output);
        Assert.False(Directory.Exists(built));
    }

    [Fact]
    public async Task A_solution_with_both_projects_builds_the_worker_once()
    {
        using var solution = new TemporarySolution(Item);
        Assert.Equal(0, (await solution.RunAsync("dotnet", "new", "sln", "--format", "sln", "-n", "Both")).ExitCode);
        Assert.Equal(0, (await solution.RunAsync("dotnet", "sln", "Both.sln", "add", "App", "Native.Worker")).ExitCode);

        (int exitCode, string output) = await solution.RunAsync("dotnet", "build", "Both.sln", "-nologo", "-m:2", "-v:m");
        Assert.True(exitCode == 0, output);
        Assert.Single(output.Split('\n'), line => line.TrimEnd().EndsWith("Native.Worker.dll", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(solution.Folder, "App", "bin", "Debug", "net10.0", "workers", "task", "Native.Worker.dll")));
    }

    [Theory]
    [InlineData("""<IpcWorkerProject Include="..\Native.Worker\Native.Worker.csproj" />""", "names no Group")]
    [InlineData("""<IpcWorkerProject Include="..\Nobody\Nobody.csproj" Group="task" />""", "does not exist")]
    public async Task A_wrong_item_is_an_error_that_says_what_to_do(string item, string message)
    {
        using var solution = new TemporarySolution(item);
        (int exitCode, string output) = await solution.RunAsync("dotnet", "build", "App", "-nologo");
        Assert.NotEqual(0, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }
}
