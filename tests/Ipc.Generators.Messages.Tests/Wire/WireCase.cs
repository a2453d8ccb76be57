using Ipc.Generators.Messages.Tests.Shapes;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>A value whose bytes a foreign implementation has written down under the same name.</summary>
/// <param name="Bytes">What our writer gives.</param>
/// <param name="Rewrite">Reads foreign bytes and writes them again: the same bytes come back only if nothing was lost.</param>
internal sealed record WireCase(byte[] Bytes, Func<byte[], byte[]> Rewrite)
{
    public static WireCase Of<T>(MessageSerializer<T> serializer, T value) =>
        new(Codec.Write(serializer, value), bytes => Codec.Write(serializer, Codec.Read(serializer, bytes)));

    public static WireCase Of<T>(T value)
        where T : IMessage<T> => Of(MessageSerializer.Of<T>(), value);
}
