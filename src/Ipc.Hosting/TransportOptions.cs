using Ipc.Transports;

namespace Ipc;

/// <summary>What the options say to a transport.</summary>
internal static class TransportOptions
{
    public static TransportLimits LimitsOf(IpcOptions options) => new()
    {
        MaxMessageSize = options.MaxMessageSize,
        RingSize = options.RingSize,
        SharedMemoryLimit = options.SharedMemoryLimit,
    };
}
