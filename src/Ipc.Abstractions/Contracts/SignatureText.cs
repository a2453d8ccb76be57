using System.Globalization;
using System.Text;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>
/// Writes what a method takes and gives as text, from the name tables of the serializers: a kind and, in brackets, its named parts, for example
/// <c>call(request:message(values:list(item:int)),result:int)</c>. What lies too deep for a short text is left open, as <c>any</c>.
/// </summary>
internal static class SignatureText
{
    /// <summary>With the action's name it fits into one text of a control message, 4,096 bytes, whatever its characters are.</summary>
    private const int MaxLength = 1_200;

    private static readonly int[] Depths = [16, 8, 6, 5, 4, 3, 2, 1];

    /// <summary>Writes a signature.</summary>
    /// <param name="kind">How the method is called.</param>
    /// <param name="parts">What it takes and gives; <see langword="null"/> for nothing.</param>
    public static string Write(string kind, params (string Name, MessageSerializer? Serializer)[] parts)
    {
        foreach (int depth in Depths)
        {
            var text = new StringBuilder(kind).Append('(');
            foreach ((string name, MessageSerializer? serializer) in parts)
            {
                text.Append(text[^1] == '(' ? "" : ",").Append(name).Append(':');
                Write(text, serializer?.Shape, [], depth);
            }

            if (text.Append(')').Length <= MaxLength)
            {
                return text.ToString();
            }
        }

        return kind;
    }

    private static void Write(StringBuilder text, MessageShape? shape, List<MessageShape> around, int depth)
    {
        if (text.Length > MaxLength)
        {
            return;
        }

        if (shape is null)
        {
            text.Append("nothing");
            return;
        }

        int above = around.LastIndexOf(shape);
        if (around.Count == depth || above >= 0)
        {
            // A message that contains itself: how many levels up it is.
            text.Append(above < 0 ? "any" : string.Create(CultureInfo.InvariantCulture, $"up{around.Count - above}"));
            return;
        }

        text.Append(NameOf(shape));
        (string Name, Func<MessageShape> Shape)[] parts =
        [
            .. Enumerable.Range(0, shape.ItemCount).Select(i => ($"{i}", (Func<MessageShape>)(() => shape.Item(i)))),
            .. shape.Members.Select(member => (shape.IsMap ? member.Key : member.Name, (Func<MessageShape>)(() => member.Shape))),
            .. shape.Cases.Select(one => ($"{one.Key}", (Func<MessageShape>)(() => one.Shape))),
        ];
        if (parts.Length == 0)
        {
            return;
        }

        text.Append('(');
        around.Add(shape);
        for (int i = 0; i < parts.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Uri.EscapeDataString(parts[i].Name)).Append(':');
            Write(text, parts[i].Shape(), around, depth);
        }

        around.RemoveAt(around.Count - 1);
        text.Append(')');
    }

    /// <summary>What is the same on the wire has the same name.</summary>
    private static string NameOf(MessageShape shape) => shape.Kind switch
    {
        MessageShapeKind.Integer or MessageShapeKind.Char or MessageShapeKind.Enumeration => "int",
        MessageShapeKind.String => "text",
        MessageShapeKind.Message => shape.IsMap ? "map" : "message",
#pragma warning disable CA1308 // Lower case as C# has its keywords; nothing is compared by it.
        _ => shape.Kind.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
    };
}
