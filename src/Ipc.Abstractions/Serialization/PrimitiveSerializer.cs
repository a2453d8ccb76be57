namespace Ipc.Serialization;

/// <summary>The serializer of a bare type that writer and reader know themselves.</summary>
internal sealed class PrimitiveSerializer<T>(MessageShape shape, PrimitiveSerializer<T>.Writing write, PrimitiveSerializer<T>.Reading read)
    : MessageSerializer<T>
{
    public delegate void Writing(ref MessagePackWriter writer, T value);

    public delegate T Reading(ref MessagePackReader reader);

    public override MessageShape Shape => shape;

    public override void Write(ref MessagePackWriter writer, T value) => write(ref writer, value);

    public override T Read(ref MessagePackReader reader) => read(ref reader);
}
