using Ipc.Dispatch;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Wiring.Tests;

/// <summary>Checks that a call arrived with this assembly's table, and not only that it compiled.</summary>
internal static class Wired
{
    public static IpcWiringOptions Options(IServiceCollection services)
    {
        ServiceDescriptor descriptor = Assert.Single(services, d => d.ServiceType == typeof(IpcRegistration));
        return Assert.Single(((IpcRegistration)descriptor.ImplementationInstance!).Wirings);
    }

    public static void ByThisAssembly(IServiceCollection services, bool inProcess = false)
    {
        IpcWiringOptions options = Options(services);
        Assert.Same(GeneratedIpcListeners.Instance, options.Table);
        Assert.True(options.IncludeReferences);
        Assert.True(options.IsTestProject);
        Assert.Equal(inProcess, options.InProcess);
    }
}
