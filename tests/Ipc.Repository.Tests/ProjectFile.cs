using System.Xml.Linq;

namespace Ipc.Repository.Tests;

/// <summary>What a csproj file references.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Folder">The folder of the root that it is in: <c>src</c>, <c>tests</c>, ...</param>
/// <param name="Projects">Names of referenced projects.</param>
/// <param name="Packages">Names of referenced packages.</param>
internal sealed record ProjectFile(string Name, string Folder, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    /// <summary>Reads a project by its path from the root.</summary>
    public static ProjectFile Read(string path) => Parse(path, Repository.Read(path));

    /// <summary>Reads a project from text.</summary>
    public static ProjectFile Parse(string path, string content)
    {
        XElement[] items = [.. XDocument.Parse(content).Descendants()];
        return new(
            Path.GetFileNameWithoutExtension(path),
            path[..path.IndexOf('/', StringComparison.Ordinal)],
            [.. Includes("ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes("PackageReference")]);

        IEnumerable<string> Includes(string item) =>
            items.Where(element => element.Name.LocalName == item).Select(element => (string?)element.Attribute("Include")).OfType<string>();
    }
}
