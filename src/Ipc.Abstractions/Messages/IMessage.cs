using Ipc.Serialization;

namespace Ipc;

/// <summary>A message type that knows its own serializer. Implemented by the generator for every partial type with <see cref="MessageAttribute"/>.</summary>
/// <typeparam name="TSelf">The message type itself.</typeparam>
public interface IMessage<TSelf>
    where TSelf : IMessage<TSelf>
{
    /// <summary>The generated serializer; one immutable instance per type, safe to use from any thread.</summary>
    static abstract MessageSerializer<TSelf> Serializer { get; }
}
