namespace Ipc.Repository.Tests;

/// <summary>The projects and the arrows between them that are drawn; everything else is refused.</summary>
internal static class ProjectArrows
{
    /// <summary>Each project of src and the projects that it may reference: arrows only go down.</summary>
    private static readonly Dictionary<string, string[]> Drawn = new(StringComparer.Ordinal)
    {
        ["Ipc.Abstractions"] = [],
        ["Ipc.Generators"] = [],
        ["Ipc.Generators.CodeFixes"] = ["Ipc.Generators"],
        ["Ipc.Transports.Shm"] = ["Ipc.Abstractions"],
        ["Ipc.Hosting"] = ["Ipc.Abstractions", "Ipc.Transports.Shm", "Ipc.Generators", "Ipc.Generators.CodeFixes"],
        ["Ipc.Hosting.AspNetCore"] = ["Ipc.Abstractions", "Ipc.Transports.Shm", "Ipc.Hosting"],
        ["Ipc.Transports.RabbitMq"] = ["Ipc.Abstractions", "Ipc.Hosting"],
        ["Ipc.Tool"] = ["Ipc.Abstractions", "Ipc.Transports.Shm", "Ipc.Hosting"],
    };

    /// <summary>Projects that write what they need themselves, and the packages that they may reference all the same: no container, no host.</summary>
    private static readonly Dictionary<string, string[]> DrawnPackages = new(StringComparer.Ordinal)
    {
        ["Ipc.Abstractions"] = [],
        ["Ipc.Transports.Shm"] = ["Microsoft.Extensions.Logging.Abstractions"],
    };

    /// <summary>Samples show what a user sees: the product's top floor, and code of their own.</summary>
    private static readonly Dictionary<string, string[]> DrawnSamples = new(StringComparer.Ordinal)
    {
        ["Calculator"] = ["Ipc.Hosting"],
        ["Outsider"] = ["Ipc.Hosting"],
        ["Quickstart"] = ["Ipc.Hosting"],
        ["TextStats"] = ["Ipc.Hosting", "TextStats.Counting"],
        ["TextStats.Counting"] = [],
    };

    /// <summary>One sentence per reference that is not drawn.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<ProjectFile> projects)
    {
        var violations = new List<string>();
        foreach (ProjectFile project in projects)
        {
            Dictionary<string, string[]>? drawn = project.Folder switch { "src" => Drawn, "samples" => DrawnSamples, _ => null };
            if (drawn is null)
            {
                continue;
            }

            if (!drawn.TryGetValue(project.Name, out string[]? allowed))
            {
                violations.Add($"{project.Folder}/{project.Name} is not drawn: add it to {nameof(ProjectArrows)} with the arrows it may have.");
                continue;
            }

            violations.AddRange(project.Projects.Except(allowed).Select(other => $"The arrow {project.Name} -> {other} is not drawn."));
            if (DrawnPackages.TryGetValue(project.Name, out string[]? packages))
            {
                violations.AddRange(project.Packages.Except(packages).Select(package => $"{project.Name} may not reference the package {package}."));
            }
        }

        return violations;
    }
}
