using System.Buffers;
using System.Runtime.InteropServices;
using Ipc.Serialization;

namespace Ipc;

/// <summary>Bytes of a message that a listener reads where they have arrived, without a copy. Two are equal when their bytes are.</summary>
/// <remarks>
/// <para>
/// A sender makes them of an array or of memory, which must not change until the send has returned. In a listener they are a part of the message's frame and valid until the
/// listener has ended, that is until its <see cref="ValueTask"/> has completed: a span of them must not be used any longer, and <see cref="ToArray"/> keeps them. In an answer,
/// in what <see cref="MessageBody"/> and JSON give, and where a transport cannot lend its memory, they are an array of their own, and stay.
/// </para>
/// <para>
/// While a listener blocks its thread, the bytes of its message hold up their place in shared memory: its sender can send only what fits beside it.
/// </para>
/// <para>Any thread may read them. The bytes are the sender's process's, which is trusted not to change them meanwhile.</para>
/// </remarks>
public readonly struct MessageBytes : IEquatable<MessageBytes>
{
    private readonly object? _source; // an array, a manager of memory, or who lends them
    private readonly int _start;
    private readonly long _loan;

    /// <summary>Bytes that are their reader's own.</summary>
    /// <param name="bytes">The bytes; not copied.</param>
    public MessageBytes(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Length = bytes.Length;
        if (MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array))
        {
            _source = array.Array;
            _start = array.Offset;
        }
        else if (MemoryMarshal.TryGetMemoryManager(bytes, out MemoryManager<byte>? manager, out _start, out _))
        {
            _source = manager;
        }
    }

    /// <summary>Bytes of a message that is being handled.</summary>
    internal MessageBytes(MessageBytesOwner owner, long loan, int start, int length)
    {
        _source = owner;
        _loan = loan;
        _start = start;
        Length = length;
    }

    /// <summary>How many bytes there are. Known also when they are valid no more.</summary>
    public int Length { get; }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes, where they are. In a listener not to be used when that has ended.</summary>
    /// <exception cref="ObjectDisposedException">The listener that got them has ended.</exception>
    public ReadOnlySpan<byte> Span => _source switch
    {
        null => default,
        byte[] array => new ReadOnlySpan<byte>(array, _start, Length),
        MessageBytesOwner owner => owner.GetSpan(_loan, _start, Length),
        var memory => ((MemoryManager<byte>)memory).GetSpan().Slice(_start, Length),
    };

    /// <summary>The bytes of an array; <see langword="null"/> is none.</summary>
    public static implicit operator MessageBytes(byte[]? bytes) => new(bytes);

    /// <summary>The bytes of memory.</summary>
    public static implicit operator MessageBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Whether the bytes are equal.</summary>
    public static bool operator ==(MessageBytes left, MessageBytes right) => left.Equals(right);

    /// <summary>Whether the bytes are not equal.</summary>
    public static bool operator !=(MessageBytes left, MessageBytes right) => !left.Equals(right);

    /// <summary>Copies the bytes into an array of their own.</summary>
    /// <exception cref="ObjectDisposedException">The listener that got them has ended.</exception>
    public byte[] ToArray()
    {
        if (IsEmpty)
        {
            return [];
        }

        byte[] copy = GC.AllocateUninitializedArray<byte>(Length);
        CopyTo(copy);
        return copy;
    }

    /// <summary>Copies the bytes.</summary>
    /// <param name="destination">Where to, at least <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The listener that got them has ended.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length)
        {
            throw new ArgumentException($"{Length} bytes do not fit into {destination.Length}.", nameof(destination));
        }

        if (_source is MessageBytesOwner owner)
        {
            owner.CopyTo(_loan, _start, destination[..Length]);
        }
        else
        {
            Span.CopyTo(destination);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The listener that got one of them has ended.</exception>
    public bool Equals(MessageBytes other) => Length == other.Length && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MessageBytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>How many bytes there are, in words.</summary>
    public override string ToString() => $"{Length} bytes";
}
