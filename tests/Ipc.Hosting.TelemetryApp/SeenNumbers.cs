using System.Collections.Concurrent;

namespace Ipc.Hosting.TelemetryApp;

/// <summary>What workers have told the supervisor, by the number of the message.</summary>
internal sealed class SeenNumbers
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> _seen = new();

    public TaskCompletionSource<int> this[int number] => _seen.GetOrAdd(number, _ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
}
