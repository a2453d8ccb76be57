using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Messages;

/// <content>How values that need a helper are read.</content>
internal sealed partial class MessageEmitter
{
    /// <summary>How much room is made before any element has been read: a count is only a claim, and elements may be large structs.</summary>
    private const string Trusted = "global::System.Math.Min(count, 4096)";

    private void EmitReadBody(ValueModel value)
    {
        if (value.Kind == ValueKind.NullableValue)
        {
            _out.WriteLine($"return reader.TryReadNil() ? default({value.Type}) : {Read(value.Items[0])};");
            return;
        }

        if (value.IsReference || value.Kind == ValueKind.ImmutableArray)
        {
            _out.WriteLine("if (reader.TryReadNil())");
            _out.Open();
            _out.WriteLine("return default!;");
            _out.Close();
            _out.WriteLine();
        }

        switch (value.Kind)
        {
            case ValueKind.Tuple:
                EmitReadTuple(value);
                break;
            case ValueKind.Dictionary:
                EmitReadDictionary(value);
                break;
            case ValueKind.Array or ValueKind.Enumerable or ValueKind.ImmutableArray:
                _out.WriteLine("reader.Descend();");
                _out.WriteLine("int count = reader.ReadArrayHeader();");
                _out.WriteLine($"var items = NewArray<{value.Items[0].Type}>({Trusted});");
                _out.WriteLine("for (int i = 0; i < count; i++)");
                _out.Open();
                _out.WriteLine("if (i == items.Length)");
                _out.Open();
                _out.WriteLine("global::System.Array.Resize(ref items, (int)global::System.Math.Min(count, 2L * i));");
                _out.Close();
                _out.WriteLine();
                _out.WriteLine($"items[i] = {Read(value.Items[0])};");
                _out.Close();
                _out.WriteLine();
                _out.WriteLine("reader.Ascend();");
                _out.WriteLine(value.Kind == ValueKind.ImmutableArray
                    ? "return global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(items);"
                    : "return items;");
                break;
            default:
                string type = value.Kind == ValueKind.Set ? "HashSet" : "List";
                _out.WriteLine("reader.Descend();");
                _out.WriteLine("int count = reader.ReadArrayHeader();");
                _out.WriteLine($"var items = new global::System.Collections.Generic.{type}<{value.Items[0].Type}>({Trusted});");
                _out.WriteLine("for (int i = 0; i < count; i++)");
                _out.Open();
                if (value.Kind == ValueKind.Set && RunsUserCode(value.Items[0]))
                {
                    _out.WriteLine($"var item = {Read(value.Items[0])};");
                    EmitGuarded("A value refuses to be an item of a set: ", () => _out.WriteLine("items.Add(item);"));
                }
                else
                {
                    _out.WriteLine($"items.Add({Read(value.Items[0])});");
                }

                _out.Close();
                _out.WriteLine();
                _out.WriteLine("reader.Ascend();");
                _out.WriteLine("return items;");
                break;
        }
    }

    private void EmitReadTuple(ValueModel value)
    {
        _out.WriteLine("reader.Descend();");
        _out.WriteLine("int count = reader.ReadArrayHeader();");
        _out.WriteLine($"if (count != {value.Items.Count})");
        _out.Open();
        _out.WriteLine($"throw new {Serialization}MessageFormatException(\"Expected {value.Items.Count} items of a tuple, found \" + count + \".\");");
        _out.Close();
        _out.WriteLine();
        for (int i = 0; i < value.Items.Count; i++)
        {
            _out.WriteLine($"var item{i} = {Read(value.Items[i])};");
        }

        string items = string.Join(", ", Enumerable.Range(0, value.Items.Count).Select(i => "item" + i));
        _out.WriteLine("reader.Ascend();");
        _out.WriteLine(value.Type[0] == '(' ? $"return ({items});" : $"return new {value.Type.TrimEnd('?')}({items});");
    }

    private void EmitReadDictionary(ValueModel value)
    {
        _out.WriteLine("reader.Descend();");
        _out.WriteLine("int count = reader.ReadMapHeader();");
        _out.WriteLine($"var items = new global::System.Collections.Generic.Dictionary<{value.Items[0].Type}, {value.Items[1].Type}>({Trusted});");
        _out.WriteLine("for (int i = 0; i < count; i++)");
        _out.Open();
        _out.WriteLine($"var key = {Read(value.Items[0])};");
        if (value.Items[0].IsReference || value.Items[0].Kind == ValueKind.NullableValue)
        {
            _out.WriteLine("if (key is null)");
            _out.Open();
            _out.WriteLine($"throw new {Serialization}MessageFormatException(\"A dictionary's key is nil.\");");
            _out.Close();
            _out.WriteLine();
        }

        if (RunsUserCode(value.Items[0]))
        {
            _out.WriteLine($"var item = {Read(value.Items[1])};");
            EmitGuarded("A value refuses to be the key of a dictionary: ", () => _out.WriteLine("items[key] = item;"));
        }
        else
        {
            _out.WriteLine($"items[key] = {Read(value.Items[1])};");
        }

        _out.Close();
        _out.WriteLine();
        _out.WriteLine("reader.Ascend();");
        _out.WriteLine("return items;");
    }

    /// <summary>Whether hashing a value runs code that is not the framework's own.</summary>
    private static bool RunsUserCode(ValueModel value) => value.Kind == ValueKind.Nested || value.Items.Any(RunsUserCode);
}
