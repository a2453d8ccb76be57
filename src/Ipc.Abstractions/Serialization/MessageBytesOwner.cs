namespace Ipc.Serialization;

/// <summary>Lends the bytes of the message that is being handled to its listener, instead of copying them. Made by the dispatcher.</summary>
public abstract class MessageBytesOwner
{
    /// <summary>Lends a part of the message that is being read, on the thread that reads it.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">Its length, at least 1.</param>
    /// <param name="bytes">The part.</param>
    /// <returns>Whether it could be lent; otherwise the reader copies it.</returns>
    protected internal abstract bool TryLend(ReadOnlySpan<byte> body, int start, int length, out MessageBytes bytes);

    /// <summary>The bytes of a loan. Safe for any thread.</summary>
    /// <param name="loan">The loan.</param>
    /// <param name="start">Where they begin in the body.</param>
    /// <param name="length">How many there are.</param>
    /// <exception cref="ObjectDisposedException">The loan has ended.</exception>
    protected internal abstract ReadOnlySpan<byte> GetSpan(long loan, int start, int length);

    /// <summary>Copies the bytes of a loan, which does not end meanwhile. Safe for any thread.</summary>
    /// <param name="loan">The loan.</param>
    /// <param name="start">Where they begin in the body.</param>
    /// <param name="destination">Where to; its length is theirs.</param>
    /// <exception cref="ObjectDisposedException">The loan has ended.</exception>
    protected internal abstract void CopyTo(long loan, int start, Span<byte> destination);

    /// <summary>What to throw when a loan has ended.</summary>
    protected static ObjectDisposedException Ended() => new(
        nameof(MessageBytes), "The bytes of a message are valid until its listener has ended. Use MessageBytes.ToArray() in the listener to keep them.");

    /// <summary>Makes the value that refers to a loan.</summary>
    /// <param name="loan">The loan's number, never used again.</param>
    /// <param name="start">Where the bytes begin in the body.</param>
    /// <param name="length">How many there are.</param>
    protected MessageBytes Lent(long loan, int start, int length) => new(this, loan, start, length);
}
