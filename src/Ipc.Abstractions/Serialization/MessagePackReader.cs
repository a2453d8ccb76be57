namespace Ipc.Serialization;

/// <summary>Reads MessagePack from contiguous bytes.</summary>
public ref struct MessagePackReader
{
    private readonly ReadOnlySpan<byte> _data;

    /// <summary>Starts reading at the first byte of <paramref name="data"/>.</summary>
    public MessagePackReader(ReadOnlySpan<byte> data)
    {
        _data = data;
    }

    /// <summary>The bytes that have not been read.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _data;
}
