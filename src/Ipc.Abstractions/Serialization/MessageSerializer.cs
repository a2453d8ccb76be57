using System.Runtime.CompilerServices;

namespace Ipc.Serialization;

/// <summary>Writes and reads one type as MessagePack. Generated for messages, built in for the bare types. Instances are immutable and safe for any thread.</summary>
public abstract class MessageSerializer
{
    /// <summary>Sets what never changes.</summary>
    /// <param name="type">The type that is written and read.</param>
    /// <param name="action">Its action, or <see langword="null"/> when it has none of its own.</param>
    private protected MessageSerializer(Type type, string? action)
    {
        Type = type;
        Action = action;
        ActionHash = action is null ? 0 : Ipc.ActionHash.Compute(action);
    }

    /// <summary>The type that is written and read.</summary>
    public Type Type { get; }

    /// <summary>The type's own action, or <see langword="null"/>.</summary>
    public string? Action { get; }

    /// <summary>The hash of <see cref="Action"/>; 0 when there is none.</summary>
    public ulong ActionHash { get; }

    /// <summary>The name table: what a body of this type looks like.</summary>
    public abstract MessageShape Shape { get; }

    /// <summary>Writes a value that is known only as an object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">A value of <see cref="Type"/>, or <see langword="null"/>.</param>
    public abstract void WriteObject(ref MessagePackWriter writer, object? value);

    /// <summary>Reads a value as an object.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="MessageFormatException">The bytes are not a value of <see cref="Type"/>.</exception>
    public abstract object? ReadObject(ref MessagePackReader reader);

    /// <summary>Has the runtime compile both, so that the first message need not wait for that.</summary>
    internal abstract void Prepare();

    /// <summary>The serializer of a message type.</summary>
    /// <typeparam name="T">A partial type with <see cref="MessageAttribute"/>.</typeparam>
    public static MessageSerializer<T> Of<T>()
        where T : IMessage<T> => T.Serializer;
}

/// <summary>Writes and reads <typeparamref name="T"/> as MessagePack.</summary>
/// <typeparam name="T">The type.</typeparam>
public abstract class MessageSerializer<T> : MessageSerializer
{
    /// <summary>Sets what never changes.</summary>
    /// <param name="action">The type's own action, or <see langword="null"/>.</param>
    protected MessageSerializer(string? action = null)
        : base(typeof(T), action)
    {
    }

    /// <summary>Writes <paramref name="value"/>.</summary>
    public abstract void Write(ref MessagePackWriter writer, T value);

    /// <summary>Reads a value.</summary>
    /// <exception cref="MessageFormatException">The bytes are not a value of <typeparamref name="T"/>.</exception>
    public abstract T Read(ref MessagePackReader reader);

    /// <summary>Reads a whole body, which is exactly one value.</summary>
    /// <param name="body">The bytes.</param>
    /// <exception cref="MessageFormatException">The bytes are not a value of <typeparamref name="T"/>, other bytes follow it, or the type's own code, such as a
    /// setter, threw; nothing else is ever thrown.</exception>
    public T ReadBody(ReadOnlySpan<byte> body) => ReadBody(body, null);

    /// <summary>Reads a whole body whose parts may be lent.</summary>
    internal T ReadBody(ReadOnlySpan<byte> body, MessageBytesOwner? owner)
    {
        var reader = new MessagePackReader(body, owner);
        T value;
        try
        {
            value = Read(ref reader);
        }
        catch (Exception e) when (e is not MessageFormatException)
        {
            throw new MessageFormatException($"{typeof(T)} could not be made from the message: {e.Message}", e);
        }

        reader.ExpectEnd();
        return value;
    }

    /// <inheritdoc/>
    internal sealed override void Prepare()
    {
        RuntimeHelpers.PrepareDelegate((Writing)Write);
        RuntimeHelpers.PrepareDelegate((Reading)Read);
    }

    private delegate void Writing(ref MessagePackWriter writer, T value);

    private delegate T Reading(ref MessagePackReader reader);

    /// <inheritdoc/>
    public sealed override void WriteObject(ref MessagePackWriter writer, object? value) => Write(ref writer, (T)value!);

    /// <inheritdoc/>
    public sealed override object? ReadObject(ref MessagePackReader reader) => Read(ref reader);
}
