using System.Runtime.CompilerServices;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>The items of a stream that is read once.</summary>
internal static class ItemStream
{
    /// <summary>Opens a stream when it is first asked for an item, and gives its items. Leaving early disposes it, which ends its writer.</summary>
    public static async IAsyncEnumerable<TItem> ReadAsync<TItem>(
        Func<CancellationToken, ValueTask<Stream>> open, MessageSerializer<TItem> serializer, int maxItemSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream stream = await open(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var reader = new ItemReader<TItem>(stream, serializer, maxItemSize);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return reader.Current;
            }
        }
    }
}
