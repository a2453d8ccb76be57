using Ipc.Transports;

namespace Ipc.Hosting.Tests.Clients;

/// <summary>A folder for an endpoint's socket, with a short path, and a name that no other test has.</summary>
internal sealed class EndpointFolder : IDisposable
{
    public string Endpoint { get; } = $"t{Guid.NewGuid().ToString("N")[..12]}";

    public string Path => $"/tmp/ipc-{Endpoint}";

    public ClientAccess Access => new() { SocketPath = EndpointPath.Of(Path, Endpoint) };

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
