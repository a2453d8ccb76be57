using System.Buffers;
using System.Runtime.CompilerServices;

namespace Ipc;

/// <summary>Streams of messages in the other of their two forms: <see cref="Stream"/> for pieces, pieces for <see cref="Stream"/>.</summary>
public static class MessageStreamExtensions
{
    private const int PieceSize = 16 << 10;

    /// <summary>Sends a message together with what a stream holds.</summary>
    /// <remarks>The stream is read from where it stands, and neither rewound nor disposed.</remarks>
    /// <typeparam name="TMessage">A type with <see cref="MessageAttribute"/> and an action.</typeparam>
    /// <param name="sender">The sender.</param>
    /// <param name="message">The message.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="target">Who gets it: one peer; by default any worker.</param>
    /// <param name="options">Timeout and headers; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <inheritdoc cref="IMessageSender.SendStreamAsync{TMessage}" path="/exception"/>
    public static ValueTask SendStreamAsync<TMessage>(
        this IMessageSender sender, TMessage message, Stream content, Target target = default, RequestOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : IMessage<TMessage>
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(content);
        return sender.SendStreamAsync(message, content.ReadAllAsync(CancellationToken.None), target, options, cancellationToken);
    }

    /// <summary>Asks one peer, together with what a stream holds, and awaits its answer.</summary>
    /// <remarks>The stream is read from where it stands, and neither rewound nor disposed.</remarks>
    /// <typeparam name="TResponse">The type of the answer.</typeparam>
    /// <param name="sender">The sender.</param>
    /// <param name="request">The request: a type with <see cref="MessageAttribute"/> and an action.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="target">Who is asked; by default any worker.</param>
    /// <param name="options">Timeout and headers; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <inheritdoc cref="IMessageSender.RequestWithStreamAsync{TResponse}" path="/exception"/>
    public static ValueTask<TResponse> RequestWithStreamAsync<TResponse>(
        this IMessageSender sender,
        IRequestMessage<TResponse> request,
        Stream content,
        Target target = default,
        RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(content);
        return sender.RequestWithStreamAsync(request, content.ReadAllAsync(CancellationToken.None), target, options, cancellationToken);
    }

    /// <summary>Reads a stream to its end, piece by piece.</summary>
    /// <param name="stream">Any stream; it is not disposed.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Pieces of at most 16 KiB and at least one byte, each valid until the next is asked for.</returns>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(this Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(piece.AsMemory(0, PieceSize), cancellationToken).ConfigureAwait(false)) != 0)
            {
                yield return piece.AsMemory(0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
