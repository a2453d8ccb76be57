using System.Buffers;

namespace Ipc.Transports.Rings;

/// <summary>A taken frame in this process's own memory: where there is no ledger, a crash loses it.</summary>
internal sealed class PooledLease : FrameLease
{
    private readonly int _length;
    private byte[]? _bytes;

    /// <summary>Makes the lease.</summary>
    /// <param name="bytes">What to keep; empty keeps nothing.</param>
    public PooledLease(ReadOnlySpan<byte> bytes)
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
    public override void MarkStarted()
    {
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
