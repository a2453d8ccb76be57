namespace Ipc.Serialization;

/// <summary>One of the messages that a union can be.</summary>
/// <param name="key">The number that stands for it on the wire.</param>
/// <param name="shape">Tells what it is; called late, so that messages may contain themselves.</param>
public sealed class MessageShapeCase(int key, Func<MessageShape> shape)
{
    /// <summary>The number that stands for it on the wire.</summary>
    public int Key { get; } = key;

    /// <summary>What it is.</summary>
    public MessageShape Shape => shape();
}
