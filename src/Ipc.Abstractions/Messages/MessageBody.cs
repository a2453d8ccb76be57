using Ipc.Serialization;

namespace Ipc;

/// <summary>Any MessagePack value: a legal message for callers that share no types. Immutable; compares by its bytes.</summary>
public sealed partial class MessageBody
{
    private readonly byte[] _bytes;

    private MessageBody(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The value nil.</summary>
    public static MessageBody Nil { get; } = new([0xC0]);

    /// <summary>The value as MessagePack.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Wraps bytes that are known to be exactly one value and that nobody else will change.</summary>
    internal static MessageBody FromTrusted(byte[] bytes) => new(bytes);
}
