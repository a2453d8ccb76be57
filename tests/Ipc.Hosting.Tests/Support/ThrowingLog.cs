using Microsoft.Extensions.Logging;

namespace Ipc.Hosting.Tests;

/// <summary>A log provider that fails at every line, and counts them.</summary>
internal sealed class ThrowingLog : ILoggerProvider, ILogger
{
    private int _lines;

    public int Lines => Volatile.Read(ref _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref _lines);
        throw new InvalidTimeZoneException("The disk is full.");
    }
}
