using System.Diagnostics;

namespace Ipc.Benchmarks.Tests;

/// <summary>The benchmark program as it was built with these tests, run to its end.</summary>
internal sealed record BenchmarkRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<BenchmarkRun> RunAsync(params string[] arguments)
    {
        // .../tests/Ipc.Benchmarks.Tests/bin/<configuration>/<framework>/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        string root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        string assembly = Path.Combine(root, "benchmarks", "Ipc.Benchmarks", "bin", output.Parent.Name, output.Name, "Ipc.Benchmarks.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        Task<string> text = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return new BenchmarkRun(process.ExitCode, await text, await error);
    }
}
