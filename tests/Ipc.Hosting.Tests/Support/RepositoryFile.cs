namespace Ipc.Hosting.Tests;

/// <summary>Files of the repository that are not copied to the tests.</summary>
internal static class RepositoryFile
{
    /// <summary>The full path of a file.</summary>
    /// <param name="path">From the repository's root.</param>
    public static string Find(string path)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ipc.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Ipc.sln above the tests.");
        }

        return Path.Combine(folder, path);
    }
}
