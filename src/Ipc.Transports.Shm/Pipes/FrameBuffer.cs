using System.Buffers;
using System.Buffers.Binary;

namespace Ipc.Transports.Pipes;

/// <summary>One frame with its length prefix in one pooled array.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    /// <summary>Bytes before the frame: its length.</summary>
    public const int PrefixSize = 4;

    private const int FirstCapacity = 1024;
    private const int KeptCapacity = 64 << 10;

    // Writers ask for a little more than they fill; a request within the slack is not yet too large.
    private const int Slack = 4096;

    private readonly int _maxSize;
    private byte[] _bytes = [];
    private int _end = PrefixSize;

    /// <summary>Makes an empty frame.</summary>
    /// <param name="maxSize">Largest frame in bytes.</param>
    public FrameBuffer(int maxSize) => _maxSize = maxSize;

    /// <summary>The frame's size so far, in bytes.</summary>
    public int Length => _end - PrefixSize;

    /// <summary>Prefix and frame, ready to be sent.</summary>
    public Memory<byte> Wire
    {
        get
        {
            Ensure(0);
            BinaryPrimitives.WriteInt32LittleEndian(_bytes, Length);
            return _bytes.AsMemory(0, _end);
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _end);
        _end += count;
    }

    /// <inheritdoc/>
    /// <exception cref="IpcException"><see cref="IpcError.MessageTooLarge"/>; the frame is to be aborted.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsMemory(_end);
    }

    /// <inheritdoc/>
    /// <exception cref="IpcException"><see cref="IpcError.MessageTooLarge"/>; the frame is to be aborted.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _bytes.AsSpan(_end);
    }

    /// <summary>Empties it for the next frame; a large array goes back to the pool.</summary>
    public void Reset()
    {
        _end = PrefixSize;
        if (_bytes.Length > KeptCapacity)
        {
            Release();
        }
    }

    /// <summary>Gives the array back.</summary>
    public void Release()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        _end = PrefixSize;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The error of a frame that is too large.</summary>
    public static IpcException TooLarge(long size, int maxSize, PeerId remote) => new(
        IpcError.MessageTooLarge,
        $"A frame of {(size > int.MaxValue ? "more than 2 GiB" : $"at least {size:N0} bytes")} to {remote} is larger than Ipc:MaxMessageSize ({maxSize:N0} bytes): raise it, or send less at a time.");

    private void Ensure(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        long needed = (long)_end + Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length)
        {
            return;
        }

        if (needed > (long)_maxSize + PrefixSize + Slack)
        {
            throw new IpcException(
                IpcError.MessageTooLarge,
                $"A frame grew to {needed - PrefixSize:N0} bytes; Ipc:MaxMessageSize is {_maxSize:N0}: raise it, or send less at a time.");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(Math.Max(FirstCapacity, _bytes.Length * 2L), (long)_maxSize + Slack)));
        _bytes.AsSpan(0, _bytes.Length == 0 ? 0 : _end).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
