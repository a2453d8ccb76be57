using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Messages;

/// <content>Values inside a message: primitives in place, everything else by a helper of its own.</content>
internal sealed partial class MessageEmitter
{
    /// <summary>The statement that writes a value.</summary>
    private string Write(ValueModel value, string expression) => value.Kind switch
    {
        ValueKind.Primitive when value.Text is "Memory" or "MessageBytes" => $"writer.WriteBinary({expression}.Span);",
        ValueKind.Primitive when value.Text == "Bytes" => $"writer.WriteBinary({expression});",
        ValueKind.Primitive => $"writer.Write({expression});",
        ValueKind.Enumeration => $"writer.Write((global::System.{value.Text}){expression});",
        ValueKind.Nested => $"{value.Text}.Write(ref writer, {expression});",
        _ => $"Write{Helper(value)}(ref writer, {expression});",
    };

    /// <summary>The expression that reads a value.</summary>
    private string Read(ValueModel value) => value.Kind switch
    {
        ValueKind.Primitive when value.Text == "Memory" => $"({value.Type})reader.ReadBinaryArray()",
        ValueKind.Primitive => $"reader.Read{value.Text}(){(value.IsReference ? "!" : "")}",
        ValueKind.Enumeration => $"({value.Type})reader.Read{value.Text}()",
        ValueKind.Nested => $"{value.Text}.Read(ref reader)",
        _ => $"Read{Helper(value)}(ref reader)",
    };

    private string Shape(ValueModel value) => value.Kind switch
    {
        ValueKind.Primitive or ValueKind.Nested when value.Shape.Length > 0 => value.Shape,
        ValueKind.Nested => value.Text + ".Shape",
        _ => $"Shape{Helper(value)}",
    };

    private int Helper(ValueModel value)
    {
        int index = _values.FindIndex(other => other.Type == value.Type);
        if (index < 0)
        {
            index = _values.Count;
            _values.Add(value);
        }

        return index;
    }

    /// <summary>Emits the helpers that were asked for; a helper may ask for more.</summary>
    private void EmitHelpers()
    {
        for (int i = 0; i < _values.Count; i++)
        {
            ValueModel value = _values[i];
            _out.WriteLine();
            _out.WriteLine($"private static {Serialization}MessageShape? _shape{i};");
            _out.WriteLine();
            _out.WriteLine($"private static {Serialization}MessageShape Shape{i} => _shape{i} ??= {CompositeShape(value)};");
            if (value.Kind == ValueKind.Enumeration)
            {
                continue;
            }

            _out.WriteLine();
            _out.WriteLine($"private static void Write{i}(ref {Serialization}MessagePackWriter writer, {value.Type} value)");
            _out.Open();
            EmitWriteBody(value);
            _out.Close();
            _out.WriteLine();
            _out.WriteLine($"private static {value.Type} Read{i}(ref {Serialization}MessagePackReader reader)");
            _out.Open();
            EmitReadBody(value);
            _out.Close();
        }

        if (_values.Any(value => value.Kind is ValueKind.Array or ValueKind.Enumerable or ValueKind.ImmutableArray))
        {
            _out.WriteLine();
            _out.WriteLine("private static T[] NewArray<T>(int count) => count == 0 ? global::System.Array.Empty<T>() : new T[count];");
        }
    }

    private string CompositeShape(ValueModel value)
    {
        string Late(int item) => $"static () => {Shape(value.Items[item])}";
        return value.Kind switch
        {
            ValueKind.Enumeration => value.Shape,
            ValueKind.NullableValue => $"{Serialization}MessageShape.Nullable({Late(0)})",
            ValueKind.Dictionary => $"{Serialization}MessageShape.Dictionary({Late(0)}, {Late(1)})",
            ValueKind.Tuple => $"{Serialization}MessageShape.Tuple({Bool(!value.IsReference)}, {string.Join(", ", Enumerable.Range(0, value.Items.Count).Select(Late))})",
            _ => $"{Serialization}MessageShape.List({Late(0)})",
        };
    }

    private void EmitWriteBody(ValueModel value)
    {
        if (value.Kind == ValueKind.NullableValue)
        {
            _out.WriteLine("if (value.HasValue)");
            _out.Open();
            _out.WriteLine(Write(value.Items[0], "value.GetValueOrDefault()"));
            _out.Close();
            _out.WriteLine("else");
            _out.Open();
            _out.WriteLine("writer.WriteNil();");
            _out.Close();
            return;
        }

        if (value.IsReference || value.Kind == ValueKind.ImmutableArray)
        {
            _out.WriteLine(value.Kind == ValueKind.ImmutableArray ? "if (value.IsDefault)" : "if (value is null)");
            _out.Open();
            _out.WriteLine("writer.WriteNil();");
            _out.WriteLine("return;");
            _out.Close();
            _out.WriteLine();
        }

        _out.WriteLine("writer.Descend();");
        switch (value.Kind)
        {
            case ValueKind.Tuple:
                _out.WriteLine($"writer.WriteArrayHeader({value.Items.Count});");
                string[] names = TupleNames(value);
                for (int i = 0; i < value.Items.Count; i++)
                {
                    _out.WriteLine(Write(value.Items[i], "value." + names[i]));
                }

                break;
            case ValueKind.Dictionary:
                _out.WriteLine("writer.WriteMapHeader(value.Count);");
                EmitLoop("value", Write(value.Items[0], "item.Key"), Write(value.Items[1], "item.Value"));
                break;
            case ValueKind.Array:
                _out.WriteLine("writer.WriteArrayHeader(value.Length);");
                EmitLoop("value", Write(value.Items[0], "item"));
                break;
            case ValueKind.ImmutableArray:
                _out.WriteLine("writer.WriteArrayHeader(value.Length);");
                EmitLoop("value", Write(value.Items[0], "item"));
                break;
            case ValueKind.Enumerable:
                // Something that can only be enumerated may change between two looks: it is counted once it is an array.
                _out.WriteLine($"{value.Items[0].Type}[] items = value as {value.Items[0].Type}[] ?? global::System.Linq.Enumerable.ToArray(value);");
                _out.WriteLine("writer.WriteArrayHeader(items.Length);");
                EmitLoop("items", Write(value.Items[0], "item"));
                break;
            default:
                _out.WriteLine("writer.WriteArrayHeader(value.Count);");
                bool isList = value.Type.StartsWith("global::System.Collections.Generic.List<", StringComparison.Ordinal);
                EmitLoop(isList ? "global::System.Runtime.InteropServices.CollectionsMarshal.AsSpan(value)" : "value", Write(value.Items[0], "item"));
                break;
        }

        _out.WriteLine("writer.Ascend();");
    }

    private void EmitLoop(string source, params string[] statements)
    {
        _out.WriteLine($"foreach (var item in {source})");
        _out.Open();
        foreach (string statement in statements)
        {
            _out.WriteLine(statement);
        }

        _out.Close();
    }

    private static string[] TupleNames(ValueModel value) =>
        value.Type.StartsWith("global::System.Collections.Generic.KeyValuePair<", StringComparison.Ordinal)
            ? ["Key", "Value"]
            : Enumerable.Range(1, value.Items.Count).Select(i => "Item" + i).ToArray();
}
