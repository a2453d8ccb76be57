using Microsoft.Extensions.Logging;

namespace Ipc.Clients;

/// <summary>What a client logs.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(200, LogLevel.Information, "Connected to {Endpoint} as {Self}")]
    public static partial void Connected(ILogger logger, string endpoint, PeerId self);

    [LoggerMessage(201, LogLevel.Warning, "The connection to {Endpoint} has ended: {Reason}. It is tried again")]
    public static partial void Disconnected(ILogger logger, string endpoint, string reason);

    [LoggerMessage(202, LogLevel.Warning, "Not connected, tried again: {Reason}")]
    public static partial void NotConnected(ILogger logger, string reason);

    [LoggerMessage(203, LogLevel.Information, "This process has the endpoint {Endpoint}: others join here")]
    public static partial void Hosting(ILogger logger, string endpoint);
}
