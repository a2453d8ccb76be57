using Microsoft.Extensions.Configuration;

namespace Ipc.Options;

/// <summary>Binds the section <c>Ipc</c>; by generated code, so without reflection.</summary>
internal static class IpcOptionsBinder
{
    public static void Bind(IpcOptions options, IConfiguration section) => section.Bind(options);
}
