using System.Globalization;

namespace Ipc.Serialization;

/// <summary>Dictionary keys as JSON member names.</summary>
internal static class JsonKeys
{
    /// <summary>Whether keys of this shape have a text form.</summary>
    public static bool HasText(MessageShape shape) =>
        shape.Kind is MessageShapeKind.String or MessageShapeKind.Integer or MessageShapeKind.Enumeration or MessageShapeKind.Guid;

    /// <summary>Writes a member's name as a key.</summary>
    public static void Write(MessageShape shape, string name, ref MessagePackWriter writer)
    {
        switch (shape.Kind)
        {
            case MessageShapeKind.String or MessageShapeKind.Any:
                writer.Write(name);
                break;
            case MessageShapeKind.Integer when long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                writer.Write(number);
                break;
            case MessageShapeKind.Integer when ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large):
                writer.Write(large);
                break;
            case MessageShapeKind.Enumeration:
                writer.WriteEnumeration(shape, name);
                break;
            case MessageShapeKind.Guid when Guid.TryParse(name, out Guid guid):
                writer.Write(guid);
                break;
            default:
                throw new MessageFormatException($"The JSON member \"{name}\" is no key of kind {shape.Kind}.");
        }
    }

    /// <summary>Reads a key as a member's name.</summary>
    public static string Read(MessageShape shape, ref MessagePackReader reader) => shape.Kind switch
    {
        MessageShapeKind.String => reader.ReadString() ?? throw new MessageFormatException("A dictionary's key is nil."),
        MessageShapeKind.Enumeration => ReadEnumeration(shape, ref reader),
        MessageShapeKind.Guid => reader.ReadGuid().ToString(),
        _ => JsonBodyReader.ReadIntegerText(ref reader),
    };

    private static string ReadEnumeration(MessageShape shape, ref MessagePackReader reader)
    {
        string number = JsonBodyReader.ReadEnumeration(shape, ref reader, out string? name);
        return name ?? number;
    }
}
