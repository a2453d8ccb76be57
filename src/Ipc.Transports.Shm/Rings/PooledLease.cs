using System.Buffers;

namespace Ipc.Transports.Rings;

/// <summary>A taken frame in this process's own memory: a crash loses it.</summary>
internal sealed class PooledLease : LaneLease
{
    private readonly int _length;
    private byte[]? _bytes;

    /// <summary>Makes the lease.</summary>
    /// <param name="lane">Whose frame.</param>
    /// <param name="bytes">What to keep; empty keeps nothing.</param>
    public PooledLease(RingReader lane, ReadOnlySpan<byte> bytes)
        : base(lane, bytes.Length)
    {
        _length = bytes.Length;
        if (_length != 0)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(_length);
            bytes.CopyTo(_bytes);
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _bytes is null ? 0 : _length);

    /// <inheritdoc/>
    public override void MarkStarted(bool redeliver)
    {
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
