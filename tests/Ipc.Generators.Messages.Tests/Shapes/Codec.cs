using System.Buffers;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests.Shapes;

/// <summary>Short ways to write and read a whole body.</summary>
internal static class Codec
{
    public static byte[] Write<T>(T value)
        where T : IMessage<T> => Write(MessageSerializer.Of<T>(), value);

    public static T Read<T>(ReadOnlySpan<byte> bytes)
        where T : IMessage<T> => Read(MessageSerializer.Of<T>(), bytes);

    public static byte[] Write<T>(MessageSerializer<T> serializer, T value)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        serializer.Write(ref writer, value);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static T Read<T>(MessageSerializer<T> serializer, ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        T value = serializer.Read(ref reader);
        Assert.True(reader.End);
        return value;
    }
}
