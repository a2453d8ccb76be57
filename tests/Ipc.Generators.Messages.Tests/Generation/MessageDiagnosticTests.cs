using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>What is wrong with a message type: each rule with its reason, and never any emitted code that does not compile.</summary>
public sealed class MessageDiagnosticTests
{
    private const string Holder = " [Message] public partial record Holder(A A);";

    [Fact]
    public async Task Correct_messages_have_no_diagnostics()
    {
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(Foreign.Attributes + """
            [Message("a")] public partial record A(int Id, string? Name = null) { public int More { get; init; } public int Computed => Id; }
            [Message, Union(0, typeof(C))] public abstract partial class B;
            [Message] public partial class C : B { [Key(0)] public int X { get; set; } [IgnoreMember] public object? Y { get; set; } public int Twice => X * 2; }
            [MessagePack.MessagePackObject] public class D { [MessagePack.Key(0)] public int X { get; set; } [MessagePack.IgnoreMember] public object? Y { get; set; } public int Twice => X * 2; }
            [Message] public partial record Holder(D D);
            """));
    }

    [Fact]
    public async Task IPC1001_a_message_and_the_types_around_it_are_partial()
    {
        await Reports("IPC1001: A: 'A' has [Message], but it or a type around it is not partial, so that its serializer cannot be added", """[Message("a")] public record A(int Id);""");
        await Reports("IPC1001: B: 'Outer.B' has [Message], but it or a type around it is not partial, so that its serializer cannot be added", "public class Outer { [Message] public partial record B(int Id); }");
    }

    [Fact]
    public async Task IPC1002_a_key_is_used_once()
    {
        await Reports("IPC1002: Y: 'X' and 'Y' of 'A' both have the key 1; give each member a key of its own", "[Message] public partial class A { [Key(1)] public int X { get; set; } [Key(1)] public int Y { get; set; } }");
        await Reports("IPC1002: Y: 'X' and 'Y' of 'A' both have the key \"k\"; give each member a key of its own",
            Foreign.Attributes + """[MessagePack.MessagePackObject] public class A { [MessagePack.Key("k")] public int X { get; set; } [MessagePack.Key("k")] public int Y { get; set; } }""" + Holder);
    }

    [Fact]
    public async Task IPC1003_all_members_have_keys_or_none()
    {
        await Reports("IPC1003: Y: 'Y' of 'A' has no [Key] while other members have one; add [Key] or [IgnoreMember]", "[Message] public partial class A { [Key(0)] public int X { get; set; } public int Y { get; set; } }");
        await Reports("IPC1003: X: 'X' of 'A' has no [Key] while other members have one; add [Key] or [IgnoreMember]", Foreign.Attributes + "[MessagePack.MessagePackObject] public class A { public int X { get; set; } }" + Holder);
        await Reports("IPC1003: Y: 'Y' of 'A' has no [Key] while other members have one; add [Key] or [IgnoreMember]", "[Message] public partial record A([Key(0)] int X, int Y);");
    }

    [Theory]
    [InlineData("object")]
    [InlineData("int[,]")]
    [InlineData("Version")]
    [InlineData("Action")]
    [InlineData("List<object>")]
    [InlineData("Dictionary<string, Task>")]
    [InlineData("Memory<int>")]
    [InlineData("(int, int, int, int, int, int, int, int)")]
    [InlineData("nint")]
    [InlineData("dynamic")]
    public async Task IPC1004_members_have_types_that_travel(string type) =>
        await Reports($"IPC1004: X: 'X' of 'A' has the type '{type}', which cannot travel; make it a [Message], use a supported type, or add [IgnoreMember]", $"[Message] public partial class A {{ public {type} X {{ get; set; }} = default!; }}");

    [Fact]
    public async Task IPC1005_custom_formatters_are_named()
    {
        await Reports("IPC1005: A: 'A' asks for a custom MessagePack formatter, which the generated serializer does not call",
            Foreign.Attributes + "[MessagePack.MessagePackObject, MessagePack.MessagePackFormatter(typeof(int))] public class A { [MessagePack.Key(0)] public int X { get; set; } }" + Holder);
        await Reports("IPC1005: X: 'A.X' asks for a custom MessagePack formatter, which the generated serializer does not call",
            Foreign.Attributes + "[MessagePack.MessagePackObject] public class A { [MessagePack.Key(0), MessagePack.MessagePackFormatter(typeof(int))] public int X { get; set; } }" + Holder);
    }

    [Fact]
    public async Task IPC1006_unions_are_sound()
    {
        const string B = "[Message] public partial class B : A; [Message] public partial class C : A;";
        await Reports("IPC1006: A: 'A' cannot be a union: the key 0 stands for two types", "[Message, Union(0, typeof(B)), Union(0, typeof(C))] public abstract partial class A;" + B);
        await Reports("IPC1006: A: 'A' cannot be a union: 'B' has two keys", "[Message, Union(0, typeof(B)), Union(1, typeof(B))] public abstract partial class A;" + B);
        await Reports("IPC1006: A: 'A' cannot be a union: 'B' does not derive from it", "[Message, Union(0, typeof(B))] public abstract partial class A; [Message] public partial class B;");
        await Reports("IPC1006: A: 'A' cannot be a union: 'B' is no message", "[Message, Union(0, typeof(B))] public abstract partial class A; public class B : A;");
        await Reports("IPC1006: A: 'A' cannot be a union: 'B' is abstract", "[Message, Union(0, typeof(B))] public abstract partial class A; [Message, Union(0, typeof(C))] public abstract partial class B : A; [Message] public partial class C : B;");
        await Reports("IPC1006: A: 'A' cannot be a union: it is abstract and names no type with [Union]", "[Message] public abstract partial class A;");
        await Reports("IPC1006: A: 'A' cannot be a union: only abstract classes and interfaces can be unions", "[Message, Union(0, typeof(B))] public partial class A; [Message] public partial class B : A;");
    }

    [Fact]
    public async Task IPC1007_a_message_can_be_constructed()
    {
        await Reports("IPC1007: A: 'A' has no accessible constructor whose parameters all match members by name and type", "[Message] public partial class A { public A(int other) { } public int X { get; set; } }");
        await Reports("IPC1007: A: 'A' has no accessible constructor whose parameters all match members by name and type", "[Message] public partial class A { [Key(0)] public int X { get; } }");
        await Reports("IPC1007: A: 'A' has no accessible constructor whose parameters all match members by name and type",
            Foreign.Attributes + "[MessagePack.MessagePackObject] public class A { private A() { } [MessagePack.Key(0)] public int X { get; set; } }" + Holder);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task IPC1008_an_action_is_not_empty(string action) =>
        await Reports($"IPC1008: A: [Message] on 'A' has the action \"{action}\"; name it, for example \"order.placed\", or leave the argument out", $"[Message(\"{action}\")] public partial record A(int X);");

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    [InlineData(int.MaxValue)]
    public async Task IPC1009_keys_are_small(int key) =>
        await Reports($"IPC1009: X: 'X' of 'A' has the key {key}; keys are positions in an array, from 0 to 1023", $"[Message] public partial class A {{ [Key({key})] public int X {{ get; set; }} }}");

    [Fact]
    public async Task IPC1010_some_types_cannot_be_messages()
    {
        await Reports("IPC1010: A: 'A<T>' cannot be a message: it is generic, or inside a generic type", "[Message] public partial class A<T>;");
        await Reports("IPC1010: B: 'A<T>.B' cannot be a message: it is generic, or inside a generic type", "public partial class A<T> { [Message] public partial class B; }");
        await Reports("IPC1010: A: 'A' cannot be a message: it is static", "[Message] public static partial class A;");
        await Reports("IPC1010: A: 'A' cannot be a message: it is a ref struct", "[Message] public ref partial struct A;");
        await Reports("IPC1010: A: 'A' cannot be a message: it is local to its file", "[Message] file partial class A;");
        await Reports("IPC1010: B: 'A.B' cannot be a message: it is private or protected, directly or through a type around it, and cannot be extended",
            Foreign.Attributes + "public partial class A { [MessagePack.MessagePackObject] private class B; [Message] private partial class Holder { public B? B { get; set; } } }");
    }

    [Fact]
    public async Task IPC1011_a_member_that_holds_a_value_can_be_set()
    {
        await Reports("IPC1011: X: 'X' of 'A' holds a value, but neither a constructor parameter nor a setter takes it; add one, or [IgnoreMember]",
            "[Message] public partial class A { public int X { get; } = 5; }");
        await Reports("IPC1011: X: 'X' of 'A' holds a value, but neither a constructor parameter nor a setter takes it; add one, or [IgnoreMember]",
            "[Message] public partial class A { public readonly int X = 5; }");
        await Reports("IPC1011: X: 'X' of 'A' holds a value, but neither a constructor parameter nor a setter takes it; add one, or [IgnoreMember]",
            "public class Base { public int X { get; private set; } } [Message] public partial class A : Base;");
    }

    [Theory]
    [InlineData("[Message] public partial record struct Q(int X) : IRequestMessage<Secret>; internal class Secret;")]
    [InlineData("public partial class Outer { [Message] private partial record struct Q(int X) : IRequestMessage<List<int>>; }")]
    [InlineData("public partial class Outer { [Message] internal partial record struct Q(int X) : IRequestMessage<Inner[]>; private class Inner; }")]
    [InlineData("namespace A { [Message] public partial record struct B_C(int X) : IRequestMessage<int>; } namespace A_B { [Message] public partial record struct C(int X) : IRequestMessage<int>; }")]
    public void What_cannot_be_named_is_not_named(string source) => TestCompilation.Emit(GeneratorRun.Of(source).Output);

    [Fact]
    public void Getters_that_cannot_be_reached_are_not_called() => TestCompilation.Emit(GeneratorRun.Of(Foreign.Attributes + """
        public class Base { public int X { private get; set; } public int Y { get; set; } }
        [Message] public partial class A : Base;
        [MessagePack.MessagePackObject(true)] public class B { public int X { private get; set; } public int Y { get; set; } }
        [Message] public partial record C(B B);
        """).Output);

    [Theory]
    [InlineData("[Message] public partial record A(")]
    [InlineData("[Message] public partial record A(int X, Missing Y);")]
    [InlineData("[Message(5)] public partial record A(int X);")]
    [InlineData("[Message] public partial class A : Missing { public int X { get; set; } }")]
    [InlineData("[Message, Union(0, typeof(Missing))] public abstract partial class A;")]
    [InlineData("[Message, Union(0)] public abstract partial class A;")]
    [InlineData("[Message] public partial class A { [Key(\"x\")] public int X { get; set; } }")]
    [InlineData("[Message] [Message] public partial class A { public int X { get; set; } }")]
    [InlineData("[Message] public partial class A { public int X { get; set; } public int X { get; set; } }")]
    [InlineData("[Message] public partial delegate void A();")]
    [InlineData("[Message] public partial enum A { }")]
    public void Broken_source_breaks_no_generator(string source)
    {
        GeneratorRun run = GeneratorRun.Of(source);
        Assert.All(run.Result.Results, result => Assert.Null(result.Exception));
        Assert.DoesNotContain(run.Output.GetDiagnostics(), diagnostic =>
            diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.SourceTree?.FilePath.EndsWith("MessageSerializers.g.cs", StringComparison.Ordinal) == true);
    }

    private static async Task Reports(string expected, string source)
    {
        string[] found = await AnalyzerRun.DiagnosticsAsync(source);
        Assert.True(found.Contains(expected), $"Expected\n{expected}\nfound\n{string.Join('\n', found)}");

        // What is emitted beside the error compiles: the only errors of the compiler are the user's own.
        Assert.DoesNotContain(GeneratorRun.Of(source).Output.GetDiagnostics(), diagnostic =>
            diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
    }
}
