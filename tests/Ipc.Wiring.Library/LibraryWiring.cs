using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Wiring.Library;

/// <summary>A wiring call inside a library: it wires the library's own listeners only, and the analyzer says so.</summary>
public static class LibraryWiring
{
    public static IpcWorkersBuilder Wire(IServiceCollection services) =>
#pragma warning disable IPC0010 // Called here on purpose.
        services.AddIpcWorkers();
#pragma warning restore IPC0010
}
