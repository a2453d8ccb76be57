using Ipc.Messaging;
using Ipc.Serialization;

namespace Ipc.Topics;

/// <summary>A body that was serialised before.</summary>
internal readonly struct EncodedBody(ReadOnlyMemory<byte> bytes) : IFrameBody
{
    public void Write(ref MessagePackWriter writer) => writer.WriteRaw(bytes.Span);
}
