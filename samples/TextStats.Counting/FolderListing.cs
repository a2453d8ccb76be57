namespace TextStats.Counting;

/// <summary>The files under a folder, hidden ones too. Symbolic links are not followed and, like pipes, sockets and devices, not counted: <c>find -type f</c>.</summary>
/// <param name="Files">Paths relative to the folder, with <c>/</c>, in <see cref="PathOrder"/>.</param>
/// <param name="Unreadable">Folders that could not be opened.</param>
public sealed record FolderListing(IReadOnlyList<string> Files, IReadOnlyList<UnreadableEntry> Unreadable)
{
    /// <summary>All bits: what .NET says of an entry that it cannot look at, for example because its name is not UTF-8.</summary>
    private const FileAttributes GoneOrUnnameable = (FileAttributes)(-1);

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static FolderListing Of(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                File.Exists(folder) ? $"\"{folder}\" is a file; name the folder that holds it." : $"There is no folder \"{folder}\".");
        }

        string root = Path.GetFullPath(folder);
        var files = new List<string>();
        var unreadable = new List<UnreadableEntry>();
        var waiting = new Stack<string>();
        waiting.Push("");
        while (waiting.TryPop(out string? relative))
        {
            try
            {
                foreach (FileSystemInfo entry in new DirectoryInfo(Path.Combine(root, relative)).EnumerateFileSystemInfos())
                {
                    string path = relative.Length == 0 ? entry.Name : relative + "/" + entry.Name;
                    if (entry.Attributes == GoneOrUnnameable)
                    {
                        // Opening it will say what is wrong.
                        files.Add(path);
                    }
                    else if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    {
                        continue;
                    }
                    else if (entry.Attributes.HasFlag(FileAttributes.Directory))
                    {
                        waiting.Push(path);
                    }
                    else if (FileKind.IsRegularOrUnknown(entry.FullName))
                    {
                        files.Add(path);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unreadable.Add(new(relative.Length == 0 ? "." : relative, e.Message));
            }
        }

        files.Sort(PathOrder.Instance);
        unreadable.Sort((x, y) => PathOrder.Instance.Compare(x.Path, y.Path));
        return new(files, unreadable);
    }
}
