using Ipc.Messaging;

namespace Ipc.Streams;

/// <summary>Writes the content of a call into its stream.</summary>
internal static class ContentPump
{
    /// <summary>Waits for the reader, then enumerates the content for as long as it is wanted.</summary>
    /// <returns>Fails with what the content throws; ends quietly when the reader wants no more, or the call has ended.</returns>
    public static async Task RunAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> content, OutgoingStream outgoing)
    {
        if (!await outgoing.WaitForReaderAsync().ConfigureAwait(false))
        {
            return;
        }

        try
        {
            await foreach (ReadOnlyMemory<byte> piece in content.WithCancellation(outgoing.Stopping).ConfigureAwait(false))
            {
                await outgoing.WriteAsync(piece, outgoing.Stopping).ConfigureAwait(false);
            }
        }
        catch (Exception) when (outgoing.IsStopped)
        {
            return;
        }
        catch (Exception e)
        {
            // Not awaited: a reader that is stopped must not hold up the caller.
            _ = outgoing.AbortAsync(new RemoteError(IpcError.StreamFailed, null, $"The content of a stream failed at its sender with {e.GetType().FullName}: {e.Message}", null));
            throw;
        }

        await outgoing.EndAsync().ConfigureAwait(false);
    }
}
