namespace Ipc.Repository.Tests;

/// <summary>The working tree that the tests were built from, without what builds leave in it.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        ".git", "bin", "obj", "artifacts", "node_modules", "TestResults",
    };

    /// <summary>The folder that holds Ipc.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Reads a file by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Whether a file or folder exists.</summary>
    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>Paths from the root, with <c>/</c>, of the files below a folder that end in one of the extensions; in ordinal order.</summary>
    public static IReadOnlyList<string> Files(string folder, params string[] extensions)
    {
        var found = new List<string>();
        string start = Path.Combine(Root, folder);
        if (Directory.Exists(start))
        {
            Collect(new DirectoryInfo(start), extensions, found);
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static void Collect(DirectoryInfo folder, string[] extensions, List<string> found)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            if (extensions.Contains(file.Extension, StringComparer.Ordinal))
            {
                found.Add(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'));
            }
        }

        foreach (DirectoryInfo inner in folder.EnumerateDirectories())
        {
            if (!Skipped.Contains(inner.Name))
            {
                Collect(inner, extensions, found);
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ipc.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Ipc.sln above {AppContext.BaseDirectory}.");
    }
}
