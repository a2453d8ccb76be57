namespace Ipc.Hosting.Tests.Processes;

/// <summary>A worker program where <c>&lt;IpcWorkerProject&gt;</c> puts it, under a group of its own.</summary>
internal sealed class PublishedWorker : IDisposable
{
    public PublishedWorker()
    {
        Group = $"native-{Guid.NewGuid():N}";
        Folder = Path.Combine(Path.GetDirectoryName(ClusterProcess.AppPath("Ipc.Hosting.TestApp"))!, "workers", Group);
        Directory.CreateDirectory(Folder);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(ClusterProcess.AppPath("Ipc.Hosting.NativeWorker"))!))
        {
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        }

        File.WriteAllLines(Path.Combine(Folder, "ipc-worker.txt"), [Group, "Ipc.Hosting.TestApp"]);
    }

    /// <summary>The program where it was built, without the mark of a worker.</summary>
    public static string Original => ClusterProcess.AppPath("Ipc.Hosting.NativeWorker");

    public string Group { get; }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
