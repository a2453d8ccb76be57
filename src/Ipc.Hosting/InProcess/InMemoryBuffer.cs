using System.Buffers;

namespace Ipc.InProcess;

/// <summary>Collects one frame and refuses to grow beyond the largest one allowed.</summary>
internal sealed class InMemoryBuffer : IBufferWriter<byte>
{
    // Writers ask for a little more than they fill; a request within the slack is not yet too large.
    private const int Slack = 4096;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly int _maxSize;
    private readonly PeerId _remote;

    /// <summary>Makes an empty frame.</summary>
    public InMemoryBuffer(int maxSize, PeerId remote)
    {
        _maxSize = maxSize;
        _remote = remote;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _bytes.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfTooLarge(Math.Max(0L, sizeHint - Slack));
        return _bytes.GetMemory(sizeHint);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>The frame.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>Throws when the frame, with that many bytes more, is too large.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.MessageTooLarge"/>.</exception>
    public void ThrowIfTooLarge(long more = 0)
    {
        if (_bytes.WrittenCount + more > _maxSize)
        {
            throw new IpcException(
                IpcError.MessageTooLarge,
                $"A frame of at least {_bytes.WrittenCount + more:N0} bytes to {_remote} is larger than Ipc:MaxMessageSize ({_maxSize:N0} bytes): raise it, or send less at a time.");
        }
    }
}
