using Ipc.Generators.Common;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Wiring;

/// <summary>Recognises the wiring methods as symbols: a method of the same name somewhere else is not meant.</summary>
internal static class WiringSymbols
{
    public const string AddWorkers = "AddIpcWorkers";
    public const string AddWorkersInProcess = "AddIpcWorkersInProcess";

    public const string AddClient = "AddIpcClient";
    public const string AddEndpoint = "AddIpcEndpoint";

    /// <summary>Whether this is any of the wiring methods, the explicit forms included.</summary>
    public static bool IsWiring(IMethodSymbol method) =>
        IsName(method.Name)
        && (method.ContainingType.IsNamed(KnownNames.ServiceCollectionExtensions)
            || method.ContainingType.IsNamed(KnownNames.ClientServiceCollectionExtensions)
            || method.ContainingType.IsNamed(KnownNames.HostBuilderExtensions));

    /// <summary>Whether one of them has this name.</summary>
    public static bool IsName(string name) => name is AddWorkers or AddWorkersInProcess or AddClient or AddEndpoint;

    /// <summary>Whether the caller hands the table over; such a call works without interception, which only adds what is known of the project.</summary>
    public static bool IsExplicit(IMethodSymbol method) => method.Parameters.Any(p => p.Type.IsNamed(KnownNames.ListenerTable));
}
