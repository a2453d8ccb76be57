using System.Buffers;
using System.Buffers.Binary;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>Collects items of a stream, each behind its length in bytes (u32, little endian), in a pooled array.</summary>
internal sealed class ItemBuffer<TItem>(MessageSerializer<TItem> serializer, int maxItemSize) : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 4 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _written;
    private int _itemStart;

    /// <summary>How many bytes there are.</summary>
    public int Length => _written;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _written);

    public void Clear() => _written = 0;

    /// <summary>Adds an item; when that fails, those before it stay.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.MessageTooLarge"/>.</exception>
    public void Add(TItem item)
    {
        int start = _written;
        try
        {
            Reserve(sizeof(int));
            _written += sizeof(int);
            _itemStart = _written;
            var writer = new MessagePackWriter(this);
            serializer.Write(ref writer, item);
            writer.Flush();
            BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), _written - _itemStart);
        }
        catch
        {
            _written = start;
            throw;
        }
    }

    public void Advance(int count)
    {
        if (_written - _itemStart + count > maxItemSize)
        {
            throw TooLarge();
        }

        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _written = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reserve(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - _written >= needed)
        {
            return;
        }

        if (needed > maxItemSize)
        {
            throw TooLarge();
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_buffer.Length * 2, _written + needed)));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private IpcException TooLarge() => new(
        IpcError.MessageTooLarge, $"An item of a stream, a {typeof(TItem)}, is larger than {maxItemSize} bytes (Ipc:MaxMessageSize).");
}
