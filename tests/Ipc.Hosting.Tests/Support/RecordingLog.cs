using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ipc.Hosting.Tests;

/// <summary>A log provider that keeps every record.</summary>
internal sealed class RecordingLog : ILoggerProvider
{
    public ConcurrentQueue<Entry> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    /// <summary>One record.</summary>
    internal sealed record Entry(LogLevel Level, string Category, int EventId, string Text, IReadOnlyDictionary<string, object?> Values);

    private sealed class Logger(RecordingLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Entries.Enqueue(new Entry(
                logLevel,
                category,
                eventId.Id,
                formatter(state, exception),
                (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(v => v.Key, v => v.Value)));
    }
}
