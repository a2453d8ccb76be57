#pragma warning disable IDE0065, IDE0161 // The place of the usings is the subject.
namespace Ipc.Wiring.Tests.Forms
{
    using Microsoft.Extensions.DependencyInjection;

    /// <summary>Sees the extension through a using inside its namespace.</summary>
    internal static class UsingsInsideNamespace
    {
        public static void Call(IServiceCollection services) => services.AddIpcWorkers();
    }
}
