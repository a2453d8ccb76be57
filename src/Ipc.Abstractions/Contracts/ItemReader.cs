using System.Buffers;
using System.Buffers.Binary;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>Reads items from a stream, each behind its length in bytes. Not safe for several threads.</summary>
internal sealed class ItemReader<TItem>(Stream stream, MessageSerializer<TItem> serializer, int maxItemSize) : IDisposable
{
    private const int InitialSize = 16 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _start;
    private int _end;

    /// <summary>The item that was read last.</summary>
    public TItem Current { get; private set; } = default!;

    /// <summary>Reads the next item.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="IpcException"><see cref="IpcError.BadMessage"/>: the bytes are no items of this type; or the stream's own error.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!TryTake())
        {
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return _start == _end ? false : throw Bad($"it ends after {_end - _start} bytes of one");
            }

            _end += read;
        }

        return true;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes an item that is there as a whole; else makes room for more of it.</summary>
    private bool TryTake()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        int needed = sizeof(int);
        if (bytes.Length >= sizeof(int))
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if ((uint)length > (uint)maxItemSize)
            {
                throw Bad($"one claims {(uint)length} bytes, and {maxItemSize} are the most (Ipc:MaxMessageSize)");
            }

            needed += length;
            if (bytes.Length >= needed)
            {
                _start += needed;
                Current = Read(bytes[sizeof(int)..needed]);
                return true;
            }
        }

        MakeRoom(needed);
        return false;
    }

    private TItem Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return serializer.ReadBody(body);
        }
        catch (MessageFormatException e)
        {
            throw new IpcException(IpcError.BadMessage, $"An item of a stream is not a {typeof(TItem)}: {e.Message}", e);
        }
    }

    /// <summary>A length is only a claim: the buffer grows as bytes come, to twice of what there is at most.</summary>
    private void MakeRoom(int needed)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(needed, 2L * _buffer.Length));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    private static IpcException Bad(string reason) => new(IpcError.BadMessage, $"A stream is not one of items: {reason}.");
}
