namespace Ipc.Hosting.Publish.Tests;

/// <summary>What the tests publish, and what is built for it: apart from what other test projects build of the same projects at the same time, and once for all tests.</summary>
public sealed class PublishFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ipc-publish-").FullName;

    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
