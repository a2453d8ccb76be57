using Ipc.Generators.Common;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Messages;

/// <summary>Writes the list of an assembly's serializers, which its listener table hands over.</summary>
internal static class MessageTableEmitter
{
    public static SourceText Emit(EquatableArray<string> serializers)
    {
        var writer = new SourceWriter();
        writer.WriteLine(GeneratedCode.Header);
        writer.WriteLine();
        writer.WriteLine("namespace Ipc.Generated");
        writer.Open();
        writer.WriteLine("/// <summary>The serializers of this assembly; emitted.</summary>");
        writer.WriteLine(GeneratedCode.Attributes);
        writer.WriteLine("internal static partial class MessageSerializers");
        writer.Open();
        writer.WriteLine("/// <summary>All of them, in the order of their types' full names.</summary>");
        writer.WriteLine("internal static readonly global::Ipc.Serialization.MessageSerializer[] All =");
        writer.WriteLine("[");
        writer.Indentation++;
        foreach (string serializer in serializers)
        {
            writer.WriteLine(serializer + ",");
        }

        writer.Indentation--;
        writer.WriteLine("];");
        writer.Close();
        writer.Close();
        return writer.ToSourceText();
    }
}
