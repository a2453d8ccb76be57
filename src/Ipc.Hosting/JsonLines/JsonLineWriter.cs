using Ipc.Messaging;

namespace Ipc.JsonLines;

/// <summary>Writes lines, those that come while the stream is busy all at once. Who writes waits until the line is on its way, so that a slow reader slows the writers. Safe for any thread.</summary>
/// <param name="stream">Where to; not disposed.</param>
internal sealed class JsonLineWriter(Stream stream)
{
    private readonly Lock _gate = new();
    private PooledBufferWriter? _filling;
    private TaskCompletionSource? _batch;
    private Exception? _error;
    private bool _isWriting;

    /// <summary>Writes a line.</summary>
    /// <param name="line">Without its end; copied.</param>
    /// <returns>Ends when the stream has the line; fails when the stream has failed.</returns>
    public Task WriteAsync(ReadOnlySpan<byte> line)
    {
        Task written;
        lock (_gate)
        {
            if (_error is not null)
            {
                return Task.FromException(_error);
            }

            _filling ??= new PooledBufferWriter();
            Span<byte> space = _filling.GetSpan(line.Length + 1);
            line.CopyTo(space);
            space[line.Length] = (byte)'\n';
            _filling.Advance(line.Length + 1);
            _batch ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            written = _batch.Task;
            if (_isWriting)
            {
                return written;
            }

            _isWriting = true;
        }

        _ = PumpAsync();
        return written;
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            PooledBufferWriter lines;
            TaskCompletionSource batch;
            lock (_gate)
            {
                if (_filling is null)
                {
                    _isWriting = false;
                    return;
                }

                (lines, batch) = (_filling, _batch!);
                (_filling, _batch) = (null, null);
            }

            try
            {
                await stream.WriteAsync(lines.WrittenMemory).ConfigureAwait(false);
                batch.SetResult();
            }
#pragma warning disable CA1031 // Whatever a stream throws, those that wait for it get it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                batch.SetException(e);
                Fail(e);
            }
            finally
            {
                lines.Dispose();
            }
        }
    }

    /// <summary>Nobody reads any more: what waits fails, and what comes.</summary>
    private void Fail(Exception error)
    {
        lock (_gate)
        {
            _error = error;
            _batch?.SetException(error);
            _filling?.Dispose();
            (_filling, _batch) = (null, null);
        }
    }
}
