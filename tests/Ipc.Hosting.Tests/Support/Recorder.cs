using System.Collections.Concurrent;

namespace Ipc.Hosting.Tests;

/// <summary>What listeners of one cluster saw; one instance shared by all its in-process peers.</summary>
public sealed class Recorder : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _entries = new();
    private readonly SemaphoreSlim _added = new(0);

    public IReadOnlyList<string> Entries => [.. _entries];

    public void Dispose() => _added.Dispose();

    public void Add(string entry)
    {
        _entries.Enqueue(entry);
        _added.Release();
    }

    /// <summary>Waits until there are that many entries, with a deadline.</summary>
    public async Task<IReadOnlyList<string>> WaitForAsync(int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (_entries.Count < count)
        {
            try
            {
                await _added.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Only {_entries.Count} of {count} entries after {Deadline}: {string.Join(" | ", _entries)}");
            }
        }

        return Entries;
    }
}
