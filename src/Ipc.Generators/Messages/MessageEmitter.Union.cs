using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Messages;

/// <content>How one of several types is written and read.</content>
internal sealed partial class MessageEmitter
{
    private void EmitUnionWrite()
    {
        _out.WriteLine("switch (value)");
        _out.Open();
        _out.WriteLine("case null:");
        _out.WriteLine("    writer.WriteNil();");
        _out.WriteLine("    return;");
        int i = 0;
        foreach (UnionCaseModel item in _message.Cases.OrderByDescending(item => item.Depth).ThenBy(item => item.Key))
        {
            _out.WriteLine($"case {item.Type} case{i}:");
            _out.WriteLine("    writer.Descend();");
            _out.WriteLine("    writer.WriteArrayHeader(2);");
            _out.WriteLine($"    writer.Write({item.Key});");
            _out.WriteLine($"    {item.Serializer}.Write(ref writer, case{i});");
            _out.WriteLine("    writer.Ascend();");
            _out.WriteLine("    return;");
            i++;
        }

        _out.WriteLine("default:");
        _out.WriteLine($"    throw new global::System.ArgumentException({Names.Literal($"The union {_message.FullName} does not name the type ")} + value.GetType().FullName + \" with [Union].\", nameof(value));");
        _out.Close();
    }

    private void EmitUnionRead()
    {
        _out.WriteLine("if (reader.TryReadNil())");
        _out.Open();
        _out.WriteLine("return null!;");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("reader.Descend();");
        _out.WriteLine("int count = reader.ReadArrayHeader();");
        _out.WriteLine("if (count < 2)");
        _out.Open();
        _out.WriteLine($"throw new {Serialization}MessageFormatException({Names.Literal($"The union {_message.FullName} needs a key and a value.")});");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("int key = reader.ReadInt32();");
        _out.WriteLine($"{_message.Type} result = key switch");
        _out.Open();
        foreach (UnionCaseModel item in _message.Cases)
        {
            _out.WriteLine($"{item.Key} => {item.Serializer}.Read(ref reader),");
        }

        _out.WriteLine($"_ => throw new {Serialization}MessageFormatException({Names.Literal($"The union {_message.FullName} has no type with the key ")} + key + \".\"),");
        _out.Close(";");
        _out.WriteLine("for (int i = 2; i < count; i++)");
        _out.Open();
        _out.WriteLine("reader.Skip();");
        _out.Close();
        _out.WriteLine();
        _out.WriteLine("reader.Ascend();");
        _out.WriteLine("return result;");
    }
}
