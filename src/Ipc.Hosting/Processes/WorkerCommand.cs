using System.Diagnostics;
using System.Reflection;
using Ipc.Supervision;
using Ipc.Systemd;

namespace Ipc.Processes;

/// <summary>The program and arguments that a group's workers run.</summary>
/// <param name="FileName">The file to execute.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record WorkerCommand(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Muxer = "dotnet";

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The program of a group.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message names the option and where it was looked for.</exception>
    public static WorkerCommand For(GroupPlan group) => Find(group, out string? problem) ?? throw new InvalidOperationException(problem);

    /// <summary>What starts a worker: the group's program in its folder and with its environment, the identity in a variable, and pipes for what it prints.</summary>
    /// <param name="group">The group.</param>
    /// <param name="identity">Which worker of it.</param>
    /// <param name="dumpProblem">Why it is to run without dumps, which its group wants; as a sentence's part.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="For"/>.</exception>
    public static ProcessStartInfo StartInfo(GroupPlan group, WorkerIdentity identity, out string? dumpProblem)
    {
        WorkerCommand command = For(group);
        var info = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = group.Options.WorkingDirectory ?? "",
        };
        DotnetWatch.RemoveFrom(info.Environment);
        dumpProblem = DumpFile.Enable(info.Environment, group, identity.Self);
        Array.ForEach(SystemdService.Variables, variable => info.Environment.Remove(variable));
        if (group.OtherUser is { } user)
        {
            info.UserName = user.Name;
            user.WriteTo(info.Environment);
        }

        foreach ((string name, string value) in group.Options.Environment)
        {
            if (value.Length == 0)
            {
                info.Environment.Remove(name);
            }
            else
            {
                info.Environment[name] = value;
            }
        }

        info.Environment[WorkerIdentity.Variable] = (identity with { Output = group.Options.Output, WaitsForReady = group.Options.WaitForReady }).Format();
        return info;
    }

    /// <summary>Looks for the program of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="problem">When there is none: why, in a sentence that begins with the option.</param>
    public static WorkerCommand? Find(GroupPlan group, out string? problem) =>
        group.Options.Program is { } program ? FindProgram(group, program, out problem) : FindThisProgram(group, out problem);

    /// <summary>Whether this process is a program of its own, and not one that test runners or design-time tools load programs into.</summary>
    /// <param name="executable">The executable that called <c>AddIpcWorkers</c>; <see langword="null"/> when a library did.</param>
    public static bool IsOwnProgram(string? executable) => executable is null
        ? Array.IndexOf(ForeignHosts, EntryName) < 0
        : string.Equals(EntryName, executable, StringComparison.OrdinalIgnoreCase);

    /// <summary>The assembly whose entry point this process runs: of a renamed program still the program, of a test host the test host.</summary>
    public static string EntryName => Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]);

    private static readonly string[] ForeignHosts =
        ["testhost", "testhost.x86", "ef", "dotnet-ef", "GetDocument.Insider", "dotnet-getdocument", "vstest.console", "ReSharperTestRunner"];

    private static WorkerCommand? FindThisProgram(GroupPlan group, out string? problem)
    {
        if (Environment.ProcessPath is not { } file)
        {
            problem = $"{group.Option}:Program is not set, and the path of this program is not known, so it cannot be started again as a worker. Name a program.";
            return null;
        }

        problem = null;
        string[] own = Environment.GetCommandLineArgs();
        var arguments = new List<string>(own.Length + group.Options.Arguments.Count);
        if (IsMuxer(file))
        {
            arguments.Add(Path.GetFullPath(own[0]));
        }

        arguments.AddRange(own.AsSpan(1));
        arguments.AddRange(group.Options.Arguments);
        return new WorkerCommand(file, arguments);
    }

    private static WorkerCommand? FindProgram(GroupPlan group, string program, out string? problem)
    {
        bool isFullPath = Path.IsPathFullyQualified(program);
        string[] folders = isFullPath ? [""] : [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "workers", group.Name)];
        if (FindFile(folders, program) is not { } path)
        {
            problem = $"{group.Option}:Program is \"{program}\"; "
                + (!isFullPath ? $"it is neither beside this program ({folders[0]}) nor in {folders[1]}. "
                    + $"Build it there with <IpcWorkerProject Include=\"...\" Group=\"{group.Name}\" />, or set a full path."
                : Directory.Exists(program) ? "that is a folder, not a program."
                : "there is no such file.");
            return null;
        }

        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            problem = null;
            return new WorkerCommand(FindMuxer(), [path, .. group.Options.Arguments]);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & AnyExecute) == 0)
        {
            problem = $"{group.Option}:Program is \"{program}\"; the file may not be executed (chmod +x permits it).";
            return null;
        }

        problem = null;
        return new WorkerCommand(path, [.. group.Options.Arguments]);
    }

    private static string? FindFile(string[] folders, string program)
    {
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".dll"] : ["", ".dll"];
        foreach (string folder in folders)
        {
            foreach (string ending in endings)
            {
                string path = Path.Combine(folder, program + ending);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
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
