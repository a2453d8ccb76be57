using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>What is refused has its diagnostic and no other error, wherever else it is named.</summary>
public sealed class RefusedMessageTests
{
    private const string Listener = """ [Listener("PIPE_MESSAGE.l")] public sealed class L : IListener<A, A> { public ValueTask<A> HandleAsync(A message, MessageContext context, CancellationToken cancellationToken) => new(message); } """;

    [Theory]
    [InlineData("IPC1004", "[Message(\"a\")] public partial record A(object X);")]
    [InlineData("IPC1004", "[Message(\"a\")] public partial record struct A(object X) : IRequestMessage<A>;")]
    [InlineData("IPC1002", "[Message(\"a\")] public partial class A { [Key(0)] public int X { get; set; } [Key(0)] public int Y { get; set; } }")]
    [InlineData("IPC1006", "[Message(\"a\"), Union(0, typeof(int))] public partial interface A;")]
    [InlineData("IPC1006", "[Message(\"a\")] public abstract partial class A;")]
    [InlineData("IPC1007", "[Message(\"a\")] public partial class A { public A(int other) { } }")]
    [InlineData("IPC1008", "[Message(\" \")] public partial record A(int X);")]
    [InlineData("IPC1012", "[Message(\"a\")] public partial class A { [IgnoreMember] public required int X { get; set; } }")]
    public async Task A_type_that_can_be_extended_has_a_serializer_that_says_what_is_wrong(string id, string type)
    {
        string source = type + Listener + "public static class S { public static async Task Send(IMessageSender sender, A message) { await sender.SendAsync(message); await sender.SendAsync(\"b\", message); } } [Message] public partial record Outer(A A, List<A> More);";
        GeneratorRun run = GeneratorRun.Of(source);
        TestCompilation.Emit(run.Output);
        string[] found = await AnalyzerRun.DiagnosticsAsync(source);
        Assert.StartsWith(id, Assert.Single(found), StringComparison.Ordinal);
        Assert.Contains($"private const string Refusal = \"A cannot travel. {id}: ", run.Source("A.Message.g.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("global::A.IpcMessageSerializer", run.Source("Ipc.MessageSerializers.g.cs"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IPC1001", "[Message(\"a\")] public record A(int X);")]
    [InlineData("IPC1001", "public class O { [Message(\"a\")] public partial record A(int X); }")]
    [InlineData("IPC1010", "public class O<T> { [Message(\"a\")] public partial record A(int X); }")]
    public async Task A_listener_of_a_type_that_cannot_be_extended_has_no_row(string id, string type)
    {
        string name = type.Contains("O<T>", StringComparison.Ordinal) ? "O<int>.A" : type.Contains(" O ", StringComparison.Ordinal) ? "O.A" : "A";
        string source = type + Listener.Replace("<A, A>", $"<{name}, {name}>", StringComparison.Ordinal).Replace("<A>", $"<{name}>", StringComparison.Ordinal).Replace("(A ", $"({name} ", StringComparison.Ordinal);
        GeneratorRun run = GeneratorRun.Of(source);
        TestCompilation.Emit(run.Output);
        Assert.StartsWith(id, Assert.Single(await AnalyzerRun.DiagnosticsAsync(source)), StringComparison.Ordinal);
        Assert.DoesNotContain("ListenerDescriptor<", run.Source("Ipc.Listeners.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_holds_a_type_that_cannot_be_extended_names_that_type_s_error()
    {
        const string Source = "[Message] public record A(int X); [Message] public partial record Outer(A A); [Message, Union(0, typeof(C))] public abstract partial class B; [Message] public class C : B;";
        TestCompilation.Emit(GeneratorRun.Of(Source).Output);
        Assert.Equal(
            [
                "IPC1001: A: 'A' has [Message], but it or a type around it is not partial, so that its serializer cannot be added",
                "IPC1004: A: 'A' of 'Outer' has the type 'A', which cannot travel; correct that type first (IPC1001: 'A' has [Message], but it or a type around it is not partial, so that its serializer cannot be added)",
                "IPC1006: B: 'B' cannot be a union: 'C' cannot travel; correct that type first (IPC1001: 'C' has [Message], but it or a type around it is not partial, so that its serializer cannot be added)",
                "IPC1001: C: 'C' has [Message], but it or a type around it is not partial, so that its serializer cannot be added",
            ],
            await AnalyzerRun.DiagnosticsAsync(Source));
    }

    [Fact]
    public async Task Foreign_types_that_nothing_sends_may_be_as_they_like()
    {
        string source = Foreign.Attributes + """
            [MessagePack.MessagePackObject] public class Page<T> { [MessagePack.Key(0)] public T? X { get; set; } }
            public class Outer { [MessagePack.MessagePackObject] private class Hidden { [MessagePack.Key(0)] public object X { get; set; } = 1; } }
            [MessagePack.MessagePackObject] public class Loose { [MessagePack.Key(0)] public object? X { get; set; } public int Y { get; set; } }
            [MessagePack.MessagePackObject, MessagePack.MessagePackFormatter(typeof(int))] public class Formatted;
            [MessagePack.MessagePackObject] public class Sound { [MessagePack.Key(0)] public int X { get; set; } }
            """;
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(source));
        Assert.DoesNotContain(GeneratorRun.Of(source).Result.GeneratedTrees, tree => tree.FilePath.EndsWith(".Message.g.cs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[Message] public partial record M(Loose L);", "IPC1004: L: 'L' of 'M' has the type 'Loose', which cannot travel; correct that type first (IPC1004: 'X' of 'Loose' has the type 'object', which cannot travel; make it a [Message], use a supported type, or add [IgnoreMember])")]
    [InlineData("[Message] public partial record M(List<Around> L);", "IPC1004: L: 'L' of 'M' has the type 'List<Around>', which cannot travel; correct that type first (IPC1004: 'X' of 'Loose' has the type 'object', which cannot travel; make it a [Message], use a supported type, or add [IgnoreMember])")]
    [InlineData("[Listener(\"PIPE_MESSAGE.a\")] public class L : IListener<Loose> { public ValueTask HandleAsync(Loose message, MessageContext context, CancellationToken cancellationToken) => default; }", "IPC1013: L: 'Loose' cannot travel; correct that type first (IPC1004: 'X' of 'Loose' has the type 'object', which cannot travel; make it a [Message], use a supported type, or add [IgnoreMember])")]
    [InlineData("public static class S { public static ValueTask Send(IMessageSender sender) => sender.SendAsync(\"a\", new Around()); }", "IPC1013: sender.SendAsync(\"a\", new Around()): 'Around' cannot travel; correct that type first (IPC1004: 'X' of 'Loose' has the type 'object', which cannot travel; make it a [Message], use a supported type, or add [IgnoreMember])")]
    [InlineData("[Message] public partial record M : IRequestMessage<Loose>;", "IPC1013: M: 'Loose' cannot travel; correct that type first (IPC1004: 'X' of 'Loose' has the type 'object', which cannot travel; make it a [Message], use a supported type, or add [IgnoreMember])")]
    [InlineData("[Message] public partial record M(Page<int> L);", "IPC1004: L: 'L' of 'M' has the type 'Page<int>', which cannot travel; correct that type first (IPC1010: 'Page<int>' cannot be a message: it is generic, or inside a generic type)")]
    public async Task What_is_wrong_with_a_foreign_type_is_said_where_something_reaches_it(string reaching, string expected)
    {
        string source = Foreign.Attributes + """
            [MessagePack.MessagePackObject] public class Loose { [MessagePack.Key(0)] public object X { get; set; } = 1; }
            [MessagePack.MessagePackObject] public class Around { [MessagePack.Key(0)] public Loose? X { get; set; } [MessagePack.Key(1)] public Around? Y { get; set; } }
            [MessagePack.MessagePackObject] public class Page<T> { [MessagePack.Key(0)] public T? X { get; set; } }

            """ + reaching;
        TestCompilation.Emit(GeneratorRun.Of(source).Output);
        string[] found = await AnalyzerRun.DiagnosticsAsync(source);
        Assert.Contains(expected, found);
        Assert.Equal(found.Length, found.Distinct().Count());
        if (!reaching.Contains("Page", StringComparison.Ordinal))
        {
            Assert.Contains("IPC1004: X: 'X' of 'Loose' has the type 'object', which cannot travel; make it a [Message], use a supported type, or add [IgnoreMember]", found);
        }
    }

    [Fact]
    public void Types_that_all_refer_to_each_other_are_each_read_once()
    {
        const int Count = 12;
        string members = string.Concat(Enumerable.Range(0, Count).Select(i => $"[MessagePack.Key({i})] public T{i}? M{i} {{ get; set; }} "));
        string types = string.Concat(Enumerable.Range(0, Count).Select(i => $"[MessagePack.MessagePackObject] public class T{i} {{ {members} }} [Message] public partial record R{i}(T{i} T, R0 R, R{Count - 1} S); "));
        Compilation compilation = TestCompilation.Create(Foreign.Attributes + types);
        MessageGraph graph = MessageGraph.Of(compilation.Assembly);
        foreach (int i in Enumerable.Range(0, Count))
        {
            MessageVerdict verdict = graph.Resolve(compilation.GetTypeByMetadataName($"R{i}")!, default);
            Assert.Empty(verdict.Diagnostics);
            Assert.Equal(Count, verdict.Model!.Foreign.Count);
        }

        Assert.Equal(2 * Count, graph.Reads);
        TestCompilation.Emit(GeneratorRun.Of(compilation).Output);
    }

    [Fact]
    public void One_wrong_type_takes_all_of_its_circle_with_it()
    {
        Compilation compilation = TestCompilation.Create(Foreign.Attributes + """
            [MessagePack.MessagePackObject] public class A { [MessagePack.Key(0)] public B? X { get; set; } }
            [MessagePack.MessagePackObject] public class B { [MessagePack.Key(0)] public C? X { get; set; } [MessagePack.Key(1)] public Sound? Y { get; set; } }
            [MessagePack.MessagePackObject] public class C { [MessagePack.Key(0)] public A? X { get; set; } [MessagePack.Key(1)] public object Y { get; set; } = 1; }
            [MessagePack.MessagePackObject] public class Sound { [MessagePack.Key(0)] public Sound? X { get; set; } }
            """);
        MessageGraph graph = MessageGraph.Of(compilation.Assembly);
        Assert.All(["A", "B", "C"], name => Assert.Contains("'Y' of 'C'", graph.Resolve(compilation.GetTypeByMetadataName(name)!, default).Cause!.GetMessage(null), StringComparison.Ordinal));
        Assert.NotNull(graph.Resolve(compilation.GetTypeByMetadataName("Sound")!, default).Model);
        Assert.Equal(4, graph.Reads);
    }
}
