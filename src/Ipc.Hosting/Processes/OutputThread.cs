using System.Collections.Concurrent;

namespace Ipc.Processes;

/// <summary>
/// The one thread that writes what workers print. A slow console blocks it, and no thread of the pool; readers take turns, each with one write at a time from its own buffer. So a worker that
/// floods is slowed down by its full pipe, waits for its turn like the others, and costs the supervisor no memory.
/// </summary>
internal sealed class OutputThread : IDisposable
{
    private readonly BlockingCollection<Turn> _turns = [];

    public OutputThread()
    {
        new Thread(Run) { IsBackground = true, Name = "ipc output" }.Start();
    }

    /// <summary>Writes; completes when it is written, or fails with what the sink threw.</summary>
    /// <exception cref="ObjectDisposedException">The supervisor has stopped.</exception>
    public Task WriteAsync(IOutputSink sink, ReadOnlyMemory<byte> lines, bool isCut)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _turns.Add(new Turn(sink, lines, isCut, written));
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(OutputThread));
        }

        return written.Task;
    }

    /// <summary>What is waiting is still written.</summary>
    public void Dispose() => _turns.CompleteAdding();

    private void Run()
    {
        foreach (Turn turn in _turns.GetConsumingEnumerable())
        {
            try
            {
                turn.Sink.Write(turn.Lines.Span, turn.IsCut);
                turn.Written.SetResult();
            }
            catch (Exception e)
            {
                turn.Written.SetException(e);
            }
        }
    }

    private sealed record Turn(IOutputSink Sink, ReadOnlyMemory<byte> Lines, bool IsCut, TaskCompletionSource Written);
}
