using System.Buffers;

namespace Ipc.Serialization;

/// <summary>Writes MessagePack into a buffer writer.</summary>
public ref struct MessagePackWriter
{
    private readonly IBufferWriter<byte> _output;

    /// <summary>Starts writing to <paramref name="output"/>.</summary>
    public MessagePackWriter(IBufferWriter<byte> output)
    {
        _output = output;
    }

    /// <summary>Hands what was written to the buffer writer; call once at the end.</summary>
    public readonly void Flush() => _output.Advance(0);
}
