using Ipc.Generators.Common;
using Ipc.Generators.Messages.Model;

namespace Ipc.Generators.Messages;

/// <content>Serializers that stand in a file of somebody else's.</content>
internal sealed partial class MessageEmitter
{
    /// <summary>Writes the serializer of a message into the type that is being written.</summary>
    public static void WriteSerializer(SourceWriter output, MessageModel message) => new MessageEmitter(message, output).EmitSerializer();

    /// <summary>Writes the serializer of a type that is no message, such as a list that is answered by itself.</summary>
    public static void WriteBareSerializer(SourceWriter output, string className, ValueModel value) => new MessageEmitter(null!, output).EmitBareSerializer(className, value);

    private void EmitBareSerializer(string className, ValueModel value)
    {
        _out.WriteLine($"private sealed class {className} : {Serialization}MessageSerializer<{value.Type}>");
        _out.Open();
        _out.WriteLine($"internal static readonly {className} Instance = new();");
        _out.WriteLine();
        _out.WriteLine($"public override {Serialization}MessageShape Shape => {Shape(value)};");
        _out.WriteLine();
        _out.WriteLine($"public override void Write(ref {Serialization}MessagePackWriter writer, {value.Type} value) => {Write(value, "value")}");
        _out.WriteLine();
        _out.WriteLine($"public override {value.Type} Read(ref {Serialization}MessagePackReader reader) => {Read(value)};");
        EmitHelpers();
        _out.Close();
    }
}
