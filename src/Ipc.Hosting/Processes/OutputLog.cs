using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ipc.Processes;

/// <summary>The supervisor's log, as workers' lines come into it. For the output thread.</summary>
/// <param name="loggers">All providers.</param>
/// <param name="console">The console's provider; <see langword="null"/> where there is none: then all providers get what workers' console loggers write.</param>
internal sealed class OutputLog(ILoggerFactory loggers, ConsoleLoggerProvider? console)
{
    /// <summary>The category of lines that no logger wrote.</summary>
    public const string Category = "Ipc.Output";

    /// <summary>Categories come from workers and are kept for ever, so there is an end to them.</summary>
    private const int MaxCategories = 4096;

    private static readonly EventId Printed = new(130, "WorkerOutput");
    private static readonly EventId PrintedError = new(131, "WorkerError");

    private readonly ILogger _lines = loggers.CreateLogger(Category);
    private readonly Dictionary<string, ILogger> _byCategory = new(StringComparer.Ordinal);

    /// <summary>A line that a worker printed.</summary>
    public void Write(OutputLine line, bool isError) => _lines.Log(
        isError ? LogLevel.Warning : LogLevel.Information, isError ? PrintedError : Printed, line, null, static (state, _) => state.ToString());

    /// <summary>A record of a worker's console logger, which its own filters have let through.</summary>
    public void Write(PeerId worker, OutputRecord record) => LoggerOf(record.Category).Log(
        record.Level, new EventId(record.EventId), new OutputLine(worker, record.Text), null, static (state, _) => state.ToString());

    private ILogger LoggerOf(string category)
    {
        if (_byCategory.TryGetValue(category, out ILogger? logger))
        {
            return logger;
        }

        if (_byCategory.Count >= MaxCategories)
        {
            return _lines;
        }

        return _byCategory[category] = console is null ? loggers.CreateLogger(category) : new QuietLogger(console.CreateLogger(category));
    }
}
