using System.Buffers;

namespace Ipc.Codec.Benchmarks;

/// <summary>One buffer that is written again and again, as a ring's claimed space is.</summary>
internal sealed class FixedOutput(byte[] buffer) : IBufferWriter<byte>
{
    public int Written { get; private set; }

    public void Reset() => Written = 0;

    public void Advance(int count) => Written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => buffer.AsMemory(Written);

    public Span<byte> GetSpan(int sizeHint = 0) => buffer.AsSpan(Written);
}
