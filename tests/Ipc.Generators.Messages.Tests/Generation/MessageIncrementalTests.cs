using System.Runtime.CompilerServices;
using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>What an edit recomputes, and what the generator keeps in memory between edits.</summary>
public sealed class MessageIncrementalTests
{
    private const string Message = """[Message("a")] public partial record A(int Id, string Name, List<B> More);""";
    private const string Inner = "[Message] public partial record B(int Id);";

    private static readonly string[] Steps = ["Messages", "ListenerMessages", "SentMessages", "Foreign", "Clashes", "Table", "KnowsIpc"];

    [Theory]
    [InlineData("public class Unrelated { } // a comment")]
    [InlineData("public class Unrelated { public int Added; }")]
    [InlineData("public class Unrelated { } [Obsolete] public class Another { }")]
    public void An_edit_elsewhere_recomputes_nothing(string edited)
    {
        GeneratorRun run = Edit("Other.cs", edited);
        foreach (string step in Steps)
        {
            Assert.All(run.Reasons(step), reason => Assert.True(
                reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
        }
    }

    [Fact]
    public void A_comment_in_a_message_recomputes_nothing()
    {
        GeneratorRun run = Edit("Message.cs", "// a comment\n" + Message);
        Assert.All(run.Reasons("Messages"), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Table"));
    }

    [Fact]
    public void A_method_in_a_message_recomputes_nothing()
    {
        GeneratorRun run = Edit("Message.cs", Message.Replace(";", " { public int Twice() => Id * 2; }", StringComparison.Ordinal));
        Assert.All(run.Reasons("Messages"), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    [Fact]
    public void A_new_member_recomputes_its_message_and_not_the_others()
    {
        GeneratorRun run = Edit("Message.cs", Message.Replace("int Id,", "int Id, long Added,", StringComparison.Ordinal));
        Assert.Single(run.Reasons("Messages"), reason => reason == IncrementalStepRunReason.Modified);
        Assert.Single(run.Reasons("Messages"), reason => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged);
        Assert.Equal([IncrementalStepRunReason.Unchanged], run.Reasons("Table"));
        Assert.Contains("\"Added\"", run.Source("A.Message.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_nested_message_that_goes_wrong_makes_the_outer_one_refuse()
    {
        GeneratorRun run = Edit("Inner.cs", Inner.Replace("partial ", "", StringComparison.Ordinal));
        Assert.Contains("A cannot travel. IPC1004: ", run.Source("A.Message.g.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("A.IpcMessageSerializer", run.Source("Ipc.MessageSerializers.g.cs"), StringComparison.Ordinal);
        TestCompilation.Emit(run.Output);
    }

    [Fact]
    public void The_order_of_the_files_changes_nothing()
    {
        string[] messages = [.. Enumerable.Range(0, 9).Select(i => $"[Message(\"m{9 - i}\")] public partial record M{i}(int Id);")];
        Assert.Equal(Emit(messages), Emit([.. messages.Reverse()]));

        static string Emit(string[] sources)
        {
            GeneratorRun run = GeneratorRun.Of(TestCompilation.Create("").AddSyntaxTrees(sources.Select((source, i) => TestCompilation.Tree(source, $"M{i}.cs"))));
            return string.Join('\n', run.Result.GeneratedTrees.OrderBy(tree => tree.FilePath, StringComparer.Ordinal).Select(tree => tree.ToString()));
        }
    }

    [Fact]
    public void The_names_of_emitted_files_are_the_types_full_names()
    {
        GeneratorRun run = GeneratorRun.Of("""
            [Message] public partial record Global(int A);
            namespace Shop.Sub
            {
                [Message] public partial record Global(int A);
                public partial class Outer { [Message] public partial record Inner(int A); }
            }
            """);
        string[] names = [.. run.Result.GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath)).Where(name => name.EndsWith(".Message.g.cs", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(["Global.Message.g.cs", "Shop.Sub.Global.Message.g.cs", "Shop.Sub.Outer.Inner.Message.g.cs"], names);
    }

    [Fact]
    public void Types_that_differ_in_case_only_get_files_of_different_names()
    {
        GeneratorRun run = GeneratorRun.Of("[Message] public partial record Order(int A); [Message] public partial record ORDER(int A);");
        Assert.Contains("record ORDER", run.Source("ORDER.0.Message.g.cs"), StringComparison.Ordinal);
        Assert.Contains("record Order", run.Source("Order.1.Message.g.cs"), StringComparison.Ordinal);
        TestCompilation.Emit(run.Output);
    }

    [Fact]
    public void An_assembly_without_messages_has_an_empty_table_and_one_without_the_contracts_none()
    {
        Assert.Contains("All =\n        [\n        ];", GeneratorRun.Of("class C;").Source("Ipc.MessageSerializers.g.cs"), StringComparison.Ordinal);
        Compilation plain = CSharpCompilation.Create(
            "Plain", [TestCompilation.Tree("class C;", "C.cs")], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new(OutputKind.DynamicallyLinkedLibrary));
        Assert.DoesNotContain(GeneratorRun.Of(plain).Result.GeneratedTrees, tree => tree.FilePath.Contains("MessageSerializers", StringComparison.Ordinal));
    }

    [Fact]
    public void Types_of_other_assemblies_get_their_serializer_once_where_they_are_used()
    {
        // The library was compiled without the generator, as a library of MessagePack-CSharp's users is.
        MetadataReference library = MetadataReference.CreateFromImage(TestCompilation.Emit(TestCompilation.Create(
            Foreign.Attributes + """
                namespace Lib
                {
                    [MessagePack.MessagePackObject] public class Outer { [MessagePack.Key(0)] public Inner? Inner { get; set; } }
                    [MessagePack.MessagePackObject] public class Inner { [MessagePack.Key(0)] public int A { get; set; } }
                    [MessagePack.MessagePackObject] public class Heard { [MessagePack.Key(0)] public int A { get; set; } }
                    [MessagePack.MessagePackObject] public class Sent { [MessagePack.Key(0)] public int A { get; set; } }
                    [MessagePack.MessagePackObject] public class Asked { [MessagePack.Key(0)] public int A { get; set; } }
                    [MessagePack.MessagePackObject] public class Answered { [MessagePack.Key(0)] public int A { get; set; } }
                    [MessagePack.MessagePackObject] public class Unused { [MessagePack.Key(0)] public int A { get; set; } }
                }
                """, assemblyName: "Lib")));
        GeneratorRun run = GeneratorRun.Of(TestCompilation.Create(
            """
            [Message] public partial record One(Lib.Outer Outer);
            [Message] public partial record Two(Lib.Inner Inner, Lib.Outer Outer);
            [Listener("PIPE_MESSAGE.heard")]
            public sealed record L : IListener<Lib.Heard>
            {
                public ValueTask HandleAsync(Lib.Heard message, MessageContext context, CancellationToken cancellationToken) => default;
            }
            public static class Sender
            {
                public static async Task Send(IMessageSender sender, IMessageSender? other)
                {
                    await sender.SendAsync("a", new Lib.Sent());
                    await (other?.RequestAsync<Lib.Asked, int>("b", new Lib.Asked()) ?? default);
                    await sender.RequestAsync<One, Lib.Answered>(new One(new()));
                }
            }
            """, references: library));
        TestCompilation.Emit(run.Output);
        string table = run.Source("Ipc.MessageSerializers.g.cs");
        Assert.Equal(8, table.Split(".Instance,").Length - 1);
        Assert.All(["Inner", "Outer", "Heard", "Sent", "Asked", "Answered"], name => Assert.Contains($"Lib_{name}_Serializer", table, StringComparison.Ordinal));
    }

    [Fact]
    public void Messages_of_a_referenced_assembly_are_members_and_cases()
    {
        MetadataReference library = LibraryCompilation.Of("Lib", "namespace Lib; [Message] public partial record Part(int A); [Message] public partial struct Value { public int A; }");
        GeneratorRun run = GeneratorRun.Of(TestCompilation.Create("[Message] public partial record Whole(Lib.Part Part, Lib.Value? Value, Dictionary<string, Lib.Part> All);", references: library));
        TestCompilation.Emit(run.Output);
        Assert.Contains("MessageSerializer.Of<global::Lib.Part>()", run.Source("Whole.Message.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_declarations_and_attributes_of_one_type_are_one_message()
    {
        GeneratorRun run = GeneratorRun.Of(Foreign.Attributes + """
            [Message, MessagePack.MessagePackObject] public partial class Both { [MessagePack.Key(0)] public int A { get; set; } }
            public partial class Both { [MessagePack.Key(1)] public int B { get; set; } }
            [MessagePack.MessagePackObject, MessagePack.Union(0, typeof(One))] public abstract partial class Base;
            [MessagePack.Union(1, typeof(Two))] public abstract partial class Base;
            [MessagePack.MessagePackObject] public class One : Base;
            [MessagePack.MessagePackObject] public class Two : Base;
            [Message] public partial record Holder(Base Base);
            """);
        TestCompilation.Emit(run.Output);
        Assert.Equal(5, run.Result.GeneratedTrees.Count(tree => tree.FilePath.EndsWith(".Message.g.cs", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_step_keeps_a_symbol_a_node_or_a_compilation()
    {
        GeneratorRun run = GeneratorRun.Of(Create("[Message] class Wrong;"));
        run.Again(Create("class Wrong;"));
        foreach (string step in Steps)
        {
            foreach (object value in run.Result.Results.Where(result => result.TrackedSteps.ContainsKey(step)).SelectMany(result => result.TrackedSteps[step]).SelectMany(s => s.Outputs).Select(output => output.Value))
            {
                ObjectGraph.AssertNoCompilerObjects(value, step);
            }
        }
    }

    [Fact]
    public void An_old_compilation_is_let_go()
    {
        (GeneratorRun run, WeakReference old) = RunTwice();
        for (int i = 0; i < 10 && old.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(old.IsAlive, "The first compilation is still referenced.");
        GC.KeepAlive(run);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (GeneratorRun Run, WeakReference Old) RunTwice()
    {
        CSharpCompilation first = Create("class Unrelated;");
        GeneratorRun run = GeneratorRun.Of(first);
        run.Again(CSharpCompilation.Create("Shop", first.SyntaxTrees.Select(t => TestCompilation.Tree(t.ToString(), t.FilePath)), TestCompilation.References, first.Options));
        return (run, new WeakReference(first));
    }

    private static GeneratorRun Edit(string file, string source)
    {
        CSharpCompilation first = Create("public class Unrelated { }");
        GeneratorRun run = GeneratorRun.Of(first);
        return run.Again(first.ReplaceSyntaxTree(first.SyntaxTrees.Single(tree => tree.FilePath == file), TestCompilation.Tree(source, file)));
    }

    private static CSharpCompilation Create(string other) => TestCompilation.Create("")
        .AddSyntaxTrees(TestCompilation.Tree(Message, "Message.cs"), TestCompilation.Tree(Inner, "Inner.cs"), TestCompilation.Tree(other, "Other.cs"));
}
