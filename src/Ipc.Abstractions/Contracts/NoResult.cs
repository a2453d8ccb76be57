using System.ComponentModel;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>The answer of a method without a result: nil. Whatever another version of it answers is passed over.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NoResult : IMessage<NoResult>
{
    /// <inheritdoc/>
    public static MessageSerializer<NoResult> Serializer { get; } = new PrimitiveSerializer<NoResult>(
        MessageShape.Any,
        static (ref writer, _) => writer.WriteNil(),
        static (ref reader) =>
        {
            reader.Skip();
            return default;
        });
}
