namespace Ipc.Serialization;

/// <summary>Copies received bytes into arrays of their own.</summary>
internal static class OwnBytes
{
    /// <summary>Copies the bytes. A large array is not zeroed before they are written over it.</summary>
    public static byte[] Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        byte[] copy = GC.AllocateUninitializedArray<byte>(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }
}
