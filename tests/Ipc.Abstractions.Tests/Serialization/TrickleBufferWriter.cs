using System.Buffers;

namespace Ipc.Abstractions.Tests.Serialization;

/// <summary>Never offers more than it is asked for, so that every write crosses the end of a span.</summary>
internal sealed class TrickleBufferWriter : IBufferWriter<byte>
{
    private readonly List<byte> _written = [];
    private byte[] _offered = [];

    public int Largest { get; private set; }

    public byte[] Written => [.. _written];

    public void Advance(int count) => _written.AddRange(_offered.AsSpan(0, count));

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Largest = Math.Max(Largest, sizeHint);
        return _offered = new byte[Math.Max(1, sizeHint)];
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
