using System.Buffers;

namespace Ipc.Transports.Rings;

/// <summary>
/// Where an open frame is written: the ring's own space while it has room in one piece, a segment when the frame is large and one is free, else a pooled buffer. Used under the
/// writer's lock only.
/// </summary>
internal sealed unsafe class RingFrameBuffer(int maxMessageSize, int longestInRing, FrameSegmentPool segments) : IBufferWriter<byte>
{
    private const int FirstSpill = 4096;

    private byte* _start;
    private int _room;
    private int _written;
    private int _expected;
    private bool _mayTakeSegment;
    private byte[]? _spill;
    private PooledSegment? _segment;

    /// <summary>Bytes written.</summary>
    public int Length => _written;

    /// <summary>Whether every byte is in the ring already.</summary>
    public bool IsInPlace => _spill is null && _segment is null;

    /// <summary>Begins a frame.</summary>
    /// <param name="start">Free space of the ring.</param>
    /// <param name="room">How much; 0 begins elsewhere.</param>
    /// <param name="expected">How long it will probably be; 0 when nobody knows.</param>
    /// <param name="mayTakeSegment">Whether it may be written into a segment: not behind a frame that waits, perhaps for that one.</param>
    public void Open(byte* start, int room, int expected = 0, bool mayTakeSegment = true)
    {
        _start = start;
        _room = room;
        _written = 0;
        _expected = expected;
        _mayTakeSegment = mayTakeSegment;
    }

    /// <summary>Ends the frame.</summary>
    /// <param name="segment">The segment that it is in, if it is in one; the caller publishes it or gives it back.</param>
    /// <returns>The pooled buffer that it is in, if it is in one; the caller returns it to the shared pool.</returns>
    public byte[]? Close(out PooledSegment? segment)
    {
        byte[]? spill = _spill;
        segment = _segment;
        _spill = null;
        _segment = null;
        _room = 0;
        _start = null;
        return spill;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) =>
        _spill is null && _room - _written >= Math.Max(sizeHint, 1) ? new Span<byte>(_start + _written, _room - _written) : GetElsewhere(sizeHint);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpilled(Needed(sizeHint));
        return _spill.AsMemory(_written);
    }

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

    private ReadOnlySpan<byte> Written => _spill is null ? new ReadOnlySpan<byte>(_start, _written) : _spill.AsSpan(0, _written);

    private long Needed(int sizeHint)
    {
        long needed = _written + (long)Math.Max(sizeHint, 1);

        // Asking for more than is used then is usual; four times the limit is not, and would be memory without bounds.
        return _written <= maxMessageSize && needed <= (4L * maxMessageSize) + FirstSpill
            ? needed
            : throw new IpcException(IpcError.MessageTooLarge, $"The message is larger than Ipc:MaxMessageSize, {maxMessageSize} bytes. Send it in parts or raise the limit.");
    }

    private Span<byte> GetElsewhere(int sizeHint)
    {
        long needed = Needed(sizeHint);
        long wanted = Math.Max(needed, Math.Max(_expected, _segment is null ? 0 : 2L * _written));
        if (_mayTakeSegment && wanted > longestInRing && needed <= maxMessageSize
            && (segments.TryTake((int)Math.Min(wanted, maxMessageSize)) ?? segments.TryTake((int)needed)) is { } segment)
        {
            MoveTo(segment);
            return new Span<byte>(_start + _written, _room - _written);
        }

        GetSpilled(needed);
        return _spill.AsSpan(_written);
    }

    private void MoveTo(PooledSegment segment)
    {
        Written.CopyTo(new Span<byte>(segment.Segment.Data, segment.Capacity));
        Leave();
        _segment = segment;
        _start = segment.Segment.Data;
        _room = segment.Capacity;
    }

    private void GetSpilled(long needed)
    {
        if (_spill is not null && _spill.Length >= needed)
        {
            return;
        }

        long size = Math.Max(Math.Max(needed, _expected), Math.Max(FirstSpill, 2L * (_spill?.Length ?? _written)));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, Array.MaxLength));
        Written.CopyTo(larger);
        Leave();
        _spill = larger;
    }

    /// <summary>What was written has moved on.</summary>
    private void Leave()
    {
        _segment?.GiveBack();
        _segment = null;
        if (_spill is { } spill)
        {
            _spill = null;
            ArrayPool<byte>.Shared.Return(spill);
        }
    }
}
