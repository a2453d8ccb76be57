using Ipc.Serialization;

namespace Ipc.Messaging;

/// <summary>A value that is known as an object.</summary>
internal readonly struct ObjectBody(MessageSerializer serializer, object value) : IFrameBody
{
    public void Write(ref MessagePackWriter writer) => serializer.WriteObject(ref writer, value);
}
