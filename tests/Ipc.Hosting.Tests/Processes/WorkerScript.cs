namespace Ipc.Hosting.Tests.Processes;

/// <summary>An executable file with a given text: a worker program that cannot work.</summary>
internal sealed class WorkerScript : IDisposable
{
    public WorkerScript(string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
    {
        Folder = Directory.CreateTempSubdirectory().FullName;
        FilePath = Path.Combine(Folder, "worker");
        File.WriteAllText(FilePath, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FilePath, mode);
        }
    }

    public string Folder { get; }

    public string FilePath { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
