using System.Buffers;

namespace Ipc.Transports.Rings;

/// <summary>Where an open frame is written: the ring's own space while it has room in one piece, then a pooled buffer. Used under the writer's lock only.</summary>
internal sealed unsafe class RingFrameBuffer(int maxMessageSize) : IBufferWriter<byte>
{
    private const int FirstSpill = 4096;

    private byte* _start;
    private int _room;
    private int _written;
    private byte[]? _spill;

    /// <summary>Bytes written.</summary>
    public int Length => _written;

    /// <summary>Whether every byte is in the ring already.</summary>
    public bool IsInPlace => _spill is null;

    /// <summary>Begins a frame.</summary>
    /// <param name="start">Free space of the ring.</param>
    /// <param name="room">How much; 0 begins with the pooled buffer.</param>
    public void Open(byte* start, int room)
    {
        _start = start;
        _room = room;
        _written = 0;
    }

    /// <summary>Ends the frame, gives what was pooled to the caller, who returns it to the shared pool.</summary>
    public byte[]? Close()
    {
        byte[]? spill = _spill;
        _spill = null;
        _room = 0;
        _start = null;
        return spill;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) =>
        _spill is null && _room - _written >= Math.Max(sizeHint, 1) ? new Span<byte>(_start + _written, _room - _written) : GetSpilled(sizeHint).AsSpan(_written);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => GetSpilled(sizeHint).AsMemory(_written);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        int capacity = _spill is null ? _room : _spill.Length;
        if (count < 0 || count > capacity - _written)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "More was written than was asked for.");
        }

        _written += count;
    }

    private byte[] GetSpilled(int sizeHint)
    {
        long needed = _written + (long)Math.Max(sizeHint, 1);

        // Asking for more than is used then is usual; four times the limit is not, and would be memory without bounds.
        if (_written > maxMessageSize || needed > (4L * maxMessageSize) + FirstSpill)
        {
            throw new IpcException(IpcError.MessageTooLarge, $"The message is larger than Ipc:MaxMessageSize, {maxMessageSize} bytes. Send it in parts or raise the limit.");
        }

        if (_spill is null)
        {
            _spill = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Max(FirstSpill, 2L * _written)));
            new ReadOnlySpan<byte>(_start, _written).CopyTo(_spill);
        }
        else if (_spill.Length < needed)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _spill.Length), Array.MaxLength));
            _spill.AsSpan(0, _written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_spill);
            _spill = larger;
        }

        return _spill;
    }
}
