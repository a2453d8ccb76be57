namespace Ipc.Repository.Tests;

/// <summary>Floors of the architecture: references only go down.</summary>
public sealed class ProjectArrowTests
{
    [Fact]
    public void Projects_reference_only_what_is_drawn()
    {
        ProjectFile[] projects = [.. Repository.Files("src", ".csproj").Concat(Repository.Files("samples", ".csproj")).Select(ProjectFile.Read)];

        Assert.Empty(ProjectArrows.Violations(projects));
        Assert.Contains(projects, project => project.Name == "Ipc.Hosting");
    }

    [Theory]
    [InlineData("src/Ipc.Abstractions/Ipc.Abstractions.csproj", "<ProjectReference Include=\"..\\Ipc.Hosting\\Ipc.Hosting.csproj\" />")]
    [InlineData("src/Ipc.Transports.Shm/Ipc.Transports.Shm.csproj", "<ProjectReference Include=\"../Ipc.Hosting/Ipc.Hosting.csproj\" />")]
    [InlineData("src/Ipc.Abstractions/Ipc.Abstractions.csproj", "<PackageReference Include=\"Some.Package\" />")]
    [InlineData("src/Ipc.New/Ipc.New.csproj", "")]
    [InlineData("samples/TextStats.Counting/TextStats.Counting.csproj", "<ProjectReference Include=\"../../src/Ipc.Hosting/Ipc.Hosting.csproj\" />")]
    public void An_arrow_that_is_not_drawn_is_refused(string path, string reference)
    {
        ProjectFile project = ProjectFile.Parse(path, $"<Project><ItemGroup>{reference}</ItemGroup></Project>");

        Assert.Single(ProjectArrows.Violations([project]));
    }
}
