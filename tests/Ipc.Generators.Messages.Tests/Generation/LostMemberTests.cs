using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>Nothing that a message holds is lost in silence.</summary>
public sealed class LostMemberTests
{
    [Theory]
    [InlineData("public class Base { [Key(0)] private int V { get; set; } } [Message] public partial class A : Base { [Key(1)] public int X { get; set; } }", "V")]
    [InlineData("public class Base { [Key(0)] private int V; } [Message] public partial class A : Base { [Key(1)] public int X { get; set; } }", "V")]
    [InlineData("public class Base { [Key(0)] public int V { private get; set; } } [Message] public partial class A : Base { [Key(1)] public int X { get; set; } }", "V")]
    [InlineData("[Message] public partial class A { [Key(0)] public int V { set { } } [Key(1)] public int X { get; set; } }", "V")]
    [InlineData("[MessagePack.MessagePackObject(AllowPrivate = true)] public class A { [MessagePack.Key(0)] private int V; } [Message] public partial record Holder(A A);", "V")]
    public async Task IPC1014_a_member_with_a_key_that_emitted_code_cannot_reach(string source, string member) => Assert.Contains(
        $"IPC1014: {member}: '{member}' of 'A' has a [Key], but emitted code cannot read it; make it, or its getter, accessible there, or take the key away",
        await Diagnostics(source));

    [Theory]
    [InlineData("public class Base { [Key(0)] protected int V { get; set; } [Key(2)] private protected int W; } [Message] public partial class A : Base { [Key(1)] public int X { get; set; } }")]
    [InlineData("public class Base { [Key(0)] protected internal int V { get; init; } } [Message] public partial class A : Base { [Key(1)] public int X { get; set; } }")]
    public async Task Protected_members_of_base_types_travel(string source)
    {
        Assert.Empty(await Diagnostics(source));
        Assert.Contains("value.V", GeneratorRun.Of(source).Source("A.Message.g.cs"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Message] public partial class A { [Key(0)] public int X { get; set; } public int Y { get; } = 5; }")]
    [InlineData("[Message] public partial class A { [Key(0)] public int X { get; set; } public readonly int Y = 5; }")]
    [InlineData("[MessagePack.MessagePackObject] public class A { [MessagePack.Key(0)] public int X { get; set; } public int Y { get; } = 5; } [Message] public partial record Holder(A A);")]
    public async Task IPC1011_a_member_without_a_key_holds_a_value(string source) => Assert.Contains(
        "IPC1011: Y: 'Y' of 'A' holds a value, but neither a constructor parameter nor a setter takes it; add one, or [IgnoreMember]",
        await Diagnostics(source));

    [Theory]
    [InlineData("[MessagePack.MessagePackObject] public class A : MessagePack.IMessagePackSerializationCallbackReceiver { public void OnBeforeSerialize() { } public void OnAfterDeserialize() { } } [Message] public partial record Holder(A A);")]
    [InlineData("[Message] public partial class A : MessagePack.IMessagePackSerializationCallbackReceiver { public void OnBeforeSerialize() { } public void OnAfterDeserialize() { } }")]
    public async Task IPC1015_callbacks_are_not_called(string source) => Assert.Contains(
        "IPC1015: A: 'A' implements IMessagePackSerializationCallbackReceiver, which the generated serializer does not call; do its work where the message is made and used",
        await Diagnostics(source));

    [Fact]
    public void Members_of_other_assemblies_keep_their_own_value_when_the_message_has_none()
    {
        MetadataReference library = MetadataReference.CreateFromImage(TestCompilation.Emit(TestCompilation.Create(
            Foreign.Attributes + "namespace Lib { [MessagePack.MessagePackObject] public class Box { [MessagePack.Key(0)] public int A { get; set; } = 5; [MessagePack.Key(1)] public int B { get; init; } = 6; [MessagePack.Key(2)] public int C = 7; } }", assemblyName: "Lib")));
        GeneratorRun run = GeneratorRun.Of(TestCompilation.Create("[Message] public partial record Holder(Lib.Box Box);", references: library));
        TestCompilation.Emit(run.Output);
        string text = run.Source("Lib.Box.Message.g.cs");
        Assert.All(["if (has0)", "if (!has1)", "if (has2)"], line => Assert.Contains(line, text, StringComparison.Ordinal));
    }

    private static Task<string[]> Diagnostics(string source)
    {
        Compilation compilation = TestCompilation.Create(Foreign.Attributes + source);
        TestCompilation.Emit(GeneratorRun.Of(compilation).Output);
        return AnalyzerRun.DiagnosticsAsync(compilation);
    }
}
