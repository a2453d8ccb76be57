using Ipc.Transports;
using Microsoft.Extensions.Hosting;

namespace Ipc;

/// <summary>What the options say to a transport.</summary>
internal static class TransportOptions
{
    private const int MaxNameLength = 64;

    /// <summary>The cluster's name: as set, else the application's, without what a socket's name cannot carry.</summary>
    public static string NameOf(IpcOptions options, IHostEnvironment? environment)
    {
        string name = options.Endpoint ?? environment?.ApplicationName ?? "";
        return string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_').Take(MaxNameLength));
    }

    public static TransportLimits LimitsOf(IpcOptions options) => new()
    {
        MaxMessageSize = options.MaxMessageSize,
        RingSize = options.RingSize,
        SharedMemoryLimit = options.SharedMemoryLimit,
        SpinBudget = options.SpinBudget,
        YieldBudget = options.YieldBudget,
    };
}
