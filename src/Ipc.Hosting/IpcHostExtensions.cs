using Ipc;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Questions to a built host.</summary>
public static class IpcHostExtensions
{
    /// <summary>Whether this process is a worker, for code between <c>Build</c> and <c>Run</c>.</summary>
    /// <param name="host">A host with <c>AddIpcWorkers</c>.</param>
    /// <returns><see langword="false"/> in the supervisor and without a cluster.</returns>
    public static bool IsIpcWorker(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Services.GetService<IpcProcess>() is { IsWorker: true };
    }
}
