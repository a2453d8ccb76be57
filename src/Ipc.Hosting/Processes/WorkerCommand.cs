using System.Reflection;

namespace Ipc.Processes;

/// <summary>The program and arguments that a group's workers run.</summary>
/// <param name="FileName">The file to execute.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record WorkerCommand(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Muxer = "dotnet";

    /// <summary>Finds the program of a group.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message names the option and where it was looked for.</exception>
    public static WorkerCommand For(string group, IpcGroupOptions options) =>
        options.Program is { } program ? ForProgram(group, program, options) : ForThisProgram(options);

    /// <summary>Whether this process is a program of its own, and not one that test runners or design-time tools load programs into.</summary>
    /// <param name="executable">The executable that called <c>AddIpcWorkers</c>; <see langword="null"/> when a library did.</param>
    public static bool IsOwnProgram(string? executable) => executable is null
        ? Array.IndexOf(ForeignHosts, EntryName) < 0
        : string.Equals(EntryName, executable, StringComparison.OrdinalIgnoreCase);

    /// <summary>The assembly whose entry point this process runs: of a renamed program still the program, of a test host the test host.</summary>
    public static string EntryName => Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]);

    private static readonly string[] ForeignHosts =
        ["testhost", "testhost.x86", "ef", "dotnet-ef", "GetDocument.Insider", "dotnet-getdocument", "vstest.console", "ReSharperTestRunner"];

    private static WorkerCommand ForThisProgram(IpcGroupOptions options)
    {
        string file = Environment.ProcessPath ?? throw new InvalidOperationException(
            "The path of this program is not known, so it cannot be started again as a worker. Name a program: Ipc:Workers:Program.");
        string[] own = Environment.GetCommandLineArgs();
        var arguments = new List<string>(own.Length + options.Arguments.Count);
        if (IsMuxer(file))
        {
            arguments.Add(Path.GetFullPath(own[0]));
        }

        arguments.AddRange(own.AsSpan(1));
        arguments.AddRange(options.Arguments);
        return new WorkerCommand(file, arguments);
    }

    private static WorkerCommand ForProgram(string group, string program, IpcGroupOptions options)
    {
        string[] folders = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "workers", group), ""];
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".dll"] : ["", ".dll"];
        foreach (string folder in folders)
        {
            foreach (string ending in endings)
            {
                string path = folder.Length == 0 ? program + ending : Path.Combine(folder, program + ending);
                if (File.Exists(path) && (folder.Length > 0 || Path.IsPathFullyQualified(path)))
                {
                    return path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
                        ? new WorkerCommand(FindMuxer(), [path, .. options.Arguments])
                        : new WorkerCommand(path, [.. options.Arguments]);
                }
            }
        }

        throw new InvalidOperationException(
            $"The program \"{program}\" of the group \"{group}\" was found neither beside this program ({folders[0]}) nor in {folders[1]}, and it is not a full path. "
            + $"Build it there with <IpcWorkerProject Include=\"...\" Group=\"{group}\" />, or set Program to a full path.");
    }

    private static bool IsMuxer(string file) => string.Equals(Path.GetFileNameWithoutExtension(file), Muxer, StringComparison.OrdinalIgnoreCase);

    private static string FindMuxer()
    {
        if (Environment.ProcessPath is { } own && IsMuxer(own))
        {
            return own;
        }

        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            string path = Path.Combine(root, OperatingSystem.IsWindows() ? Muxer + ".exe" : Muxer);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return Muxer;
    }
}
