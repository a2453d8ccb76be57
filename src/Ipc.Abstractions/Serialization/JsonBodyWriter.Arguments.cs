using System.Text.Json;

namespace Ipc.Serialization;

/// <content>The arguments of a call.</content>
internal static partial class JsonBodyWriter
{
    public static void WriteArguments(MessageShape shape, JsonElement arguments, ref MessagePackWriter writer)
    {
        if (arguments.ValueKind == JsonValueKind.Object)
        {
            Write(shape, arguments, ref writer);
            return;
        }

        if (arguments.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(arguments, "an array or an object of arguments");
        }

        if (shape.Kind == MessageShapeKind.Message)
        {
            writer.Descend();
            WriteMembers(shape, ByPlace(shape, arguments), ref writer);
            writer.Ascend();
        }
        else if (shape.Kind == MessageShapeKind.Any || AreItems(shape, arguments))
        {
            Write(shape, arguments, ref writer);
        }
        else
        {
            Write(shape, arguments.GetArrayLength() == 1 ? arguments[0] : throw Wrong(arguments, "an array of one argument"), ref writer);
        }
    }

    private static JsonElement?[] ByPlace(MessageShape shape, JsonElement arguments)
    {
        var found = new JsonElement?[shape.Members.Count];
        if (found.Length == 1 && AreItems(shape.Members[0].Shape, arguments))
        {
            found[0] = arguments;
            return found;
        }

        int count = arguments.GetArrayLength();
        if (count > found.Length)
        {
            throw Wrong(arguments, found.Length == 0 ? "no arguments" : $"at most {found.Length} arguments ({string.Join(", ", shape.Members.Select(member => member.Name))})");
        }

        int next = 0;
        foreach (JsonElement argument in arguments.EnumerateArray())
        {
            found[next++] = argument;
        }

        return found;
    }

    /// <summary>Whether the arguments are the items of the one list that is wanted, and not that list.</summary>
    private static bool AreItems(MessageShape shape, JsonElement arguments) =>
        shape.Kind == MessageShapeKind.List && !(arguments.GetArrayLength() == 1 && arguments[0].ValueKind is JsonValueKind.Array or JsonValueKind.Null);
}
