using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Ipc.Processes;

/// <summary>Makes a worker's console logger write records for its supervisor, whose own console logger gives them their looks.</summary>
internal sealed class OutputRecordFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>The name among the console's formatters.</summary>
    public const string FormatterName = "ipc";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is { } exception)
        {
            message = message.Length == 0 ? exception.ToString() : $"{message}\n{exception}";
        }

        new OutputRecord(logEntry.LogLevel, logEntry.EventId.Id, logEntry.Category, message).WriteTo(textWriter);
    }
}
