using System.Buffers;
using Ipc.Serialization;

namespace Ipc.Abstractions.Tests.Serialization;

/// <summary>Short ways to write and read one value.</summary>
internal static class Pack
{
    public delegate void Writing(ref MessagePackWriter writer);

    public delegate T Reading<T>(ref MessagePackReader reader);

    public static byte[] Write(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        Assert.Equal(output.WrittenCount, writer.BytesWritten);
        return output.WrittenSpan.ToArray();
    }

    public static string Hex(Writing write) => Convert.ToHexString(Write(write));

    public static T Read<T>(ReadOnlySpan<byte> bytes, Reading<T> read)
    {
        var reader = new MessagePackReader(bytes);
        T value = read(ref reader);
        Assert.True(reader.End, "Bytes are left.");
        return value;
    }

    public static T Read<T>(string hex, Reading<T> read) => Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), read);

    public static MessageFormatException Refused<T>(string hex, Reading<T> read) =>
        Assert.Throws<MessageFormatException>(() => Read(hex, read));
}
