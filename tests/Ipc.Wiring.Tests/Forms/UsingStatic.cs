using static Microsoft.Extensions.DependencyInjection.IpcServiceCollectionExtensions;
using IServiceCollection = Microsoft.Extensions.DependencyInjection.IServiceCollection;

namespace Ipc.Wiring.Tests.Forms;

/// <summary>Sees the extension through its class and not through its namespace.</summary>
internal static class UsingStatic
{
    public static void Call(IServiceCollection services) => services.AddIpcWorkers();
}
