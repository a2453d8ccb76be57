using Ipc.Serialization;

namespace Ipc.Messaging;

/// <summary>A value whose type is known at the call.</summary>
internal readonly struct TypedBody<T>(MessageSerializer<T> serializer, T value) : IFrameBody
{
    public void Write(ref MessagePackWriter writer) => serializer.Write(ref writer, value);
}
