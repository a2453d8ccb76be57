namespace Ipc.Streams;

/// <summary>The streams of a message as listeners and senders see them: reads what the other one writes, writes what it reads.</summary>
/// <param name="streams">The message's streams.</param>
/// <param name="leaving">Gives the message up when its sender disposes the stream before the end; <see langword="null"/> at the listener.</param>
internal sealed class MessageStream(MessageStreams streams, CancellationTokenSource? leaving) : Stream
{
    private int _disposed;

    public override bool CanRead => streams.Incoming is not null && !IsDisposed;

    public override bool CanWrite => streams.Outgoing is not null && !IsDisposed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return streams.Incoming is { } incoming
            ? incoming.ReadAsync(buffer, cancellationToken)
            : throw new NotSupportedException($"The stream of \"{streams.Action}\" is written here, and read by {streams.Remote}.");
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return streams.Outgoing is { } outgoing
            ? outgoing.WriteAsync(buffer, cancellationToken)
            : throw new NotSupportedException($"The stream of \"{streams.Action}\" is read here, and written by {streams.Remote}.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Nothing is held back: a write has completed when its bytes are in the lane.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Reads no more. What was written goes on to its reader, and is complete when the listener returns.</summary>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            bool isComplete = streams.Incoming?.IsComplete ?? false;
            streams.StopReading();
            if (leaving is not null && !isComplete)
            {
                leaving.Cancel();
            }
        }

        base.Dispose(disposing);
    }
}
