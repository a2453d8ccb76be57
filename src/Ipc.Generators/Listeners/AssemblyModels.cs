using Ipc.Generators.Common;
using Ipc.Generators.Listeners.Model;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Listeners;

/// <summary>Reads what the emitted code must know of its assembly.</summary>
internal static class AssemblyModels
{
    public static AssemblyModel From(Compilation compilation) => new(
        compilation.AssemblyName ?? "Assembly",
        compilation.GetTypeByMetadataName(KnownNames.ListenerTable) is not null,
        compilation.GetTypeByMetadataName(KnownNames.ServiceProviderServiceExtensions) is not null,
        compilation.GetTypeByMetadataName(KnownNames.Server) is not null,
        IsExecutable(compilation));

    /// <summary>Whether the compilation makes a program; a test project is one too.</summary>
    public static bool IsExecutable(Compilation compilation) =>
        compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication or OutputKind.WindowsRuntimeApplication;
}
