using System.Diagnostics;
using SharpFuzz;

namespace Ipc.Fuzz;

/// <summary>This program once more, with assemblies that tell which branches they take.</summary>
internal static class InstrumentedCopy
{
    private const string Marker = "instrumented";
    private static readonly string[] Assemblies = ["Ipc.Abstractions.dll", "Ipc.Hosting.dll", "Ipc.Transports.Shm.dll"];

    /// <summary>Whether this process is the copy.</summary>
    public static bool IsThis => File.Exists(Path.Combine(AppContext.BaseDirectory, Marker));

    /// <summary>Makes it, runs it, and deletes it.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string[] arguments)
    {
        DirectoryInfo copy = Directory.CreateTempSubdirectory("ipc-fuzz-");
        try
        {
            foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            {
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            }

            foreach (string assembly in Assemblies)
            {
                _ = Fuzzer.Instrument(Path.Combine(copy.FullName, assembly), static _ => true, SharpFuzz.Options.Value);
            }

            File.WriteAllText(Path.Combine(copy.FullName, Marker), "");
            string self = Path.Combine(copy.FullName, Path.GetFileName(typeof(InstrumentedCopy).Assembly.Location));
            using Process process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [self, .. arguments]))!;
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
