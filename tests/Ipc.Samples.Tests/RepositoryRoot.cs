namespace Ipc.Samples.Tests;

/// <summary>Finds the repository that the tests were built from.</summary>
internal static class RepositoryRoot
{
    /// <summary>The folder that holds Ipc.sln.</summary>
    public static string Path { get; } = Find();

    /// <summary>The sources in a folder of their own: build outputs beside the originals change while tests run.</summary>
    public static TemporaryFolder CopySources()
    {
        var copy = new TemporaryFolder();
        foreach (string folder in new[] { "docs", "samples", "src", "templates", "tests" })
        {
            CopyTree(new DirectoryInfo(System.IO.Path.Combine(Path, folder)), System.IO.Path.Combine(copy.Path, folder));
        }

        return copy;
    }

    private static void CopyTree(DirectoryInfo from, string to)
    {
        if (!from.Exists || from.Name is "bin" or "obj" or "artifacts" or "node_modules" or "TestResults")
        {
            return;
        }

        Directory.CreateDirectory(to);
        foreach (FileInfo file in from.EnumerateFiles())
        {
            file.CopyTo(System.IO.Path.Combine(to, file.Name));
        }

        foreach (DirectoryInfo folder in from.EnumerateDirectories())
        {
            CopyTree(folder, System.IO.Path.Combine(to, folder.Name));
        }
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Ipc.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Ipc.sln above {AppContext.BaseDirectory}.");
    }
}
