using System.Collections.Concurrent;
using System.Diagnostics;
using Ipc.Processes;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Ties nothing, and remembers what it was to tie.</summary>
internal sealed class FakeLifeline : ILifeline
{
    private readonly ConcurrentQueue<string> _done = new();

    /// <summary>What was tied, and untied: <c>tie 17</c>, <c>untie 17</c>.</summary>
    public IReadOnlyList<string> Done => [.. _done];

    /// <summary>Runs before a process is tied.</summary>
    public Action<Process>? OnTie { get; set; }

    public IDisposable Tie(Process process)
    {
        OnTie?.Invoke(process);
        _done.Enqueue($"tie {process.Id}");
        return new Knot(this, process.Id);
    }

    public void Hold(int supervisorProcessId) => throw new NotSupportedException("The tests are no workers.");

    public void Die() => throw new NotSupportedException("The tests are no workers.");

    private sealed class Knot(FakeLifeline lifeline, int processId) : IDisposable
    {
        public void Dispose() => lifeline._done.Enqueue($"untie {processId}");
    }
}
