using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ipc.Wiring.Tests;

/// <summary>A program with a worker program, in a folder of its own, built by the real SDK with the package's own targets.</summary>
internal sealed class TemporarySolution : IDisposable
{
    public TemporarySolution(string workerItem)
    {
        string targets = Path.Combine(RepositoryRoot(), "src", "Ipc.Hosting", "build");
        Write("App/App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{targets}/Ipc.Hosting.props" />
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>{workerItem}</ItemGroup>
              <Import Project="{targets}/Ipc.Hosting.targets" />
            </Project>
            """);
        Write("Native.Worker/Native.Worker.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """);
        Write("App/Program.cs", "System.Console.WriteLine(\"app\");");
        Write("Native.Worker/Program.cs", "System.Console.WriteLine(\"worker\");");

        // What stands above the temporary folder must not count.
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("ipc-worker-project-").FullName;

    /// <summary>Runs a program in the folder and gives its exit code and all that it wrote.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // The test runner's own build must not speak into this one, and nothing may stay behind.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
