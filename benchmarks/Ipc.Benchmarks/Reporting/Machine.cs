using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ipc.Benchmarks.Reporting;

/// <summary>Where and of what something was measured.</summary>
internal static class Machine
{
    /// <summary>The folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The commit, and whether files differ from it.</summary>
    public static string Commit { get; } = Git("rev-parse", "--short", "HEAD") + (Git("status", "--porcelain", "--untracked-files=no").Length == 0 ? "" : " with changes");

    /// <summary>Processor, cores, kernel, runtime.</summary>
    public static string Description { get; } =
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription.Trim()}, kernel {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}";

    private static string Git(params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, WorkingDirectory = Repository })!;
        string output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return output;
    }

    private static string Processor()
    {
        const string Label = "model name";
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Label, StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ipc.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}
