namespace Ipc.Hosting.Tests;

/// <summary>Endless content that knows what became of it.</summary>
internal sealed class EndlessContent(int pieceSize) : IAsyncEnumerable<ReadOnlyMemory<byte>>
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pieces;

    /// <summary>What it throws instead of a further piece.</summary>
    public (int After, Exception Error)? Throws { get; init; }

    /// <summary>From which piece on it waits until its token is signalled.</summary>
    public int WaitsAfter { get; init; } = int.MaxValue;

    public int Pieces => Volatile.Read(ref _pieces);

    public bool WasCancelled { get; private set; }

    /// <summary>Ends when its enumerator has been disposed.</summary>
    public Task Disposed => _disposed.Task;

    public async IAsyncEnumerator<ReadOnlyMemory<byte>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        byte[] piece = new byte[pieceSize];
        try
        {
            while (true)
            {
                if (Throws is { } end && end.After == _pieces)
                {
                    throw end.Error;
                }

                if (_pieces == WaitsAfter)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                Interlocked.Increment(ref _pieces);
                yield return piece;
            }
        }
        finally
        {
            WasCancelled = cancellationToken.IsCancellationRequested;
            _disposed.TrySetResult();
        }
    }
}
