namespace Ipc.Hosting.Tests;

/// <summary>Content of streams, the same each time.</summary>
internal static class StreamBytes
{
    public static byte[] Make(int count)
    {
        byte[] bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
