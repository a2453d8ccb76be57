using Microsoft.Extensions.Logging;

namespace Ipc.JsonLines;

/// <summary>What the endpoint logs of connections that speak JSON lines. What is wrong with a line is for its client, not for the log.</summary>
internal static partial class JsonLinesLog
{
    [LoggerMessage(170, LogLevel.Error, "A connection that speaks JSON lines has failed and is closed")]
    public static partial void Failed(ILogger logger, Exception error);
}
