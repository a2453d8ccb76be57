using System.Runtime.CompilerServices;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>Makes bytes of items.</summary>
internal static class ItemWriter
{
    /// <summary>Items that are there without waiting go together, up to about this many bytes.</summary>
    private const int PieceSize = 8 << 10;

    /// <summary>Enumerates items and gives their bytes: at the latest when the next item has to be waited for, and before an error.</summary>
    /// <returns>Pieces, each valid until the next is asked for.</returns>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> WriteAsync<TItem>(
        IAsyncEnumerable<TItem> items, MessageSerializer<TItem> serializer, int maxItemSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var buffer = new ItemBuffer<TItem>(serializer, maxItemSize);
        IAsyncEnumerator<TItem> enumerator = items.GetAsyncEnumerator(cancellationToken);
        Task<bool>? pending = null;
        try
        {
            while (true)
            {
                Task<bool> next = pending = MoveNextAsync(enumerator);
                if (!next.IsCompletedSuccessfully && buffer.Length > 0)
                {
                    yield return buffer.Written;
                    buffer.Clear();
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                Exception? error = TryAdd(buffer, enumerator);
                if (buffer.Length >= PieceSize || (error is not null && buffer.Length > 0))
                {
                    yield return buffer.Written;
                    buffer.Clear();
                }

                if (error is not null)
                {
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
                }
            }

            if (buffer.Length > 0)
            {
                yield return buffer.Written;
            }
        }
        finally
        {
            if (pending is not null)
            {
                // Nobody wants more, and its token says so: an enumerator must not be disposed in the middle of a step, and a step that has failed meanwhile is observed.
                await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await enumerator.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<bool> MoveNextAsync<TItem>(IAsyncEnumerator<TItem> enumerator) => await enumerator.MoveNextAsync().ConfigureAwait(false);

    private static Exception? TryAdd<TItem>(ItemBuffer<TItem> buffer, IAsyncEnumerator<TItem> enumerator)
    {
        try
        {
            buffer.Add(enumerator.Current);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
