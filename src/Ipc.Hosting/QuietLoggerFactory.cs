using Microsoft.Extensions.Logging;

namespace Ipc;

/// <summary>Makes a <see cref="QuietLogger"/> for each category. The factory behind it belongs to the host.</summary>
internal sealed class QuietLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new QuietLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // Not ours.
    }
}
