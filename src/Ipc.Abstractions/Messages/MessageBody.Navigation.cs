using System.Text;
using Ipc.Serialization;

namespace Ipc;

/// <content>Looking into arrays and maps.</content>
public sealed partial class MessageBody
{
    /// <summary>How many elements or pairs there are; 0 for values that are neither array nor map.</summary>
    public int Count
    {
        get
        {
            var reader = new MessagePackReader(_bytes);
            return reader.NextKind switch
            {
                MessagePackKind.Array => reader.ReadArrayHeader(),
                MessagePackKind.Map => reader.ReadMapHeader(),
                _ => 0,
            };
        }
    }

    /// <summary>An element of an array.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="MessageFormatException">The value is no array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The array has no such element.</exception>
    public MessageBody this[int index]
    {
        get
        {
            var reader = new MessagePackReader(_bytes);
            int count = reader.ReadArrayHeader();
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            for (int i = 0; i < index; i++)
            {
                reader.Skip();
            }

            return new MessageBody(OwnBytes.Copy(reader.ReadRaw()));
        }
    }

    /// <summary>A value of a map.</summary>
    /// <param name="name">The text that is its key; the first pair with that key counts.</param>
    /// <exception cref="MessageFormatException">The value is no map.</exception>
    /// <exception cref="KeyNotFoundException">The map has no such key.</exception>
    public MessageBody this[string name] => TryGet(name, out MessageBody? value)
        ? value
        : throw new KeyNotFoundException($"The map has no key \"{name}\".");

    /// <summary>Finds a value of a map.</summary>
    /// <param name="name">The text that is its key; the first pair with that key counts.</param>
    /// <param name="value">The value, when there is one.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="MessageFormatException">The value is no map.</exception>
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MessageBody? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        var reader = new MessagePackReader(_bytes);
        int count = reader.ReadMapHeader();
        for (int i = 0; i < count; i++)
        {
            bool found = false;
            if (reader.NextKind == MessagePackKind.String)
            {
                found = reader.ReadUtf8().SequenceEqual(wanted);
            }
            else
            {
                reader.Skip();
            }

            ReadOnlySpan<byte> raw = reader.ReadRaw();
            if (found)
            {
                value = new MessageBody(OwnBytes.Copy(raw));
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The elements of an array.</summary>
    /// <exception cref="MessageFormatException">The value is no array.</exception>
    public IReadOnlyList<MessageBody> Elements()
    {
        var reader = new MessagePackReader(_bytes);
        var elements = new MessageBody[reader.ReadArrayHeader()];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = new MessageBody(OwnBytes.Copy(reader.ReadRaw()));
        }

        return elements;
    }

    /// <summary>The pairs of a map, in its order.</summary>
    /// <exception cref="MessageFormatException">The value is no map.</exception>
    public IReadOnlyList<KeyValuePair<MessageBody, MessageBody>> Pairs()
    {
        var reader = new MessagePackReader(_bytes);
        var pairs = new KeyValuePair<MessageBody, MessageBody>[reader.ReadMapHeader()];
        for (int i = 0; i < pairs.Length; i++)
        {
            var key = new MessageBody(OwnBytes.Copy(reader.ReadRaw()));
            pairs[i] = new(key, new MessageBody(OwnBytes.Copy(reader.ReadRaw())));
        }

        return pairs;
    }
}
