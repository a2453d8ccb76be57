using System.Runtime.CompilerServices;
using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Tests.Listeners;

/// <summary>What an edit recomputes, and what the generator keeps in memory between edits.</summary>
public sealed class ListenerIncrementalTests
{
    private const string Listener = """
        [Listener("PIPE_MESSAGE.a")]
        public sealed class L : IListener<string>
        {
            public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
        }
        """;

    private const string Program = """
        using Microsoft.Extensions.DependencyInjection;
        new ServiceCollection().AddIpcWorkers();
        """;

    private static readonly string[] Steps = ["Ipc.Listeners", "Ipc.References", "Ipc.Assembly", "Ipc.Table", "Ipc.WiringCalls", "Ipc.Wiring"];

    [Theory]
    [InlineData("public class Unrelated { } // a comment")]
    [InlineData("public class Unrelated { public int Added; }")]
    [InlineData("public class Unrelated { } [Obsolete] public class Another { }")]
    public void An_edit_elsewhere_recomputes_nothing(string edited)
    {
        CSharpCompilation first = Create("public class Unrelated { }");
        GeneratorRun run = GeneratorRun.Of(first);
        run.Again(Replace(first, "Other.cs", edited));
        foreach (string step in Steps)
        {
            Assert.All(run.Reasons(step), reason => Assert.True(
                reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
        }
    }

    [Fact]
    public void An_edit_of_a_listener_s_body_recomputes_no_table()
    {
        CSharpCompilation first = Create("");
        GeneratorRun run = GeneratorRun.Of(first);
        run.Again(Replace(first, "Listener.cs", Listener.Replace("=> default", "=> new(Task.CompletedTask)", StringComparison.Ordinal)));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.Listeners"));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.Table"));
    }

    [Fact]
    public void An_edit_of_a_listener_s_body_recomputes_no_subscription_and_one_of_its_pattern_only_that()
    {
        string subscriber = Listener.Replace("[Listener(\"PIPE_MESSAGE.a\")]", "[Subscribe(\"orders.*\")]", StringComparison.Ordinal).Replace("class L", "class S", StringComparison.Ordinal);
        CSharpCompilation first = Create(subscriber);
        GeneratorRun run = GeneratorRun.Of(first);
        CSharpCompilation second = Replace(first, "Other.cs", subscriber.Replace("=> default", "=> new(Task.CompletedTask)", StringComparison.Ordinal));
        run.Again(second);
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.Subscribers"));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.Table"));

        run.Again(Replace(second, "Other.cs", subscriber.Replace("orders.*", "orders.>", StringComparison.Ordinal)));
        Assert.Equal([IncrementalStepRunReason.Modified], run.Reasons("Ipc.Subscribers"));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.Listeners"));
        Assert.Equal([IncrementalStepRunReason.Modified], run.Reasons("Ipc.Table"));
    }

    [Fact]
    public void An_edit_of_a_listener_s_event_recomputes_the_table_and_not_the_wiring()
    {
        CSharpCompilation first = Create("");
        GeneratorRun run = GeneratorRun.Of(first);
        run.Again(Replace(first, "Listener.cs", Listener.Replace("MESSAGE.a", "MESSAGE.b", StringComparison.Ordinal)));
        Assert.Equal([IncrementalStepRunReason.Modified], run.Reasons("Ipc.Listeners"));
        Assert.Equal([IncrementalStepRunReason.Unchanged], run.Reasons("Ipc.References"));
        Assert.Equal([IncrementalStepRunReason.Modified], run.Reasons("Ipc.Table"));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.WiringCalls"));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.Wiring"));
        Assert.Contains("PIPE_MESSAGE.b", run.Source("Ipc.Listeners.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_files_changes_nothing()
    {
        string[] listeners = [.. Enumerable.Range(0, 9).Select(i => Listener.Replace("class L", $"class L{i}", StringComparison.Ordinal).Replace("MESSAGE.a", $"MESSAGE.{9 - i}", StringComparison.Ordinal))];
        Assert.Equal(Emit(listeners), Emit([.. listeners.Reverse()]));

        static string Emit(string[] sources) => GeneratorRun.Of(
            TestCompilation.Create("").AddSyntaxTrees(sources.Select((s, i) => TestCompilation.Tree(s, $"L{i}.cs")))).Source("Ipc.Listeners.g.cs");
    }

    [Fact]
    public void The_names_of_emitted_files_are_fixed()
    {
        GeneratorRun run = GeneratorRun.Of(Create(""));
        string[] names = [.. run.Result.GeneratedTrees.Select(t => Path.GetFileName(t.FilePath)).Where(n => n.StartsWith("Ipc.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(["Ipc.Listeners.g.cs", "Ipc.MessageSerializers.g.cs", "Ipc.Wiring.g.cs"], names);
    }

    [Theory]
    [InlineData("9 Shop-of.Things")]
    [InlineData("class")]
    [InlineData("Läden")]
    public void Every_assembly_name_gives_legal_code(string assemblyName) =>
        TestCompilation.Emit(GeneratorRun.Of(TestCompilation.Create(Listener, assemblyName: assemblyName)).Output);

    [Fact]
    public void An_assembly_without_the_contracts_gets_no_table()
    {
        Compilation compilation = CSharpCompilation.Create(
            "Plain", [TestCompilation.Tree("class C;", "C.cs")], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new(OutputKind.DynamicallyLinkedLibrary));
        Assert.DoesNotContain(GeneratorRun.Of(compilation).Result.GeneratedTrees, t => Path.GetFileName(t.FilePath).StartsWith("Ipc.", StringComparison.Ordinal));
    }

    [Fact]
    public void No_step_keeps_a_symbol_a_node_or_a_compilation()
    {
        GeneratorRun run = GeneratorRun.Of(Create("[Listener] class Wrong;"));
        run.Again(Create("class Wrong;"));
        foreach (string step in Steps)
        {
            foreach (object value in run.Result.Results.Where(r => r.TrackedSteps.ContainsKey(step)).SelectMany(r => r.TrackedSteps[step]).SelectMany(s => s.Outputs).Select(o => o.Value))
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

    private static CSharpCompilation Create(string other) => TestCompilation.Create(Program, OutputKind.ConsoleApplication)
        .AddSyntaxTrees(TestCompilation.Tree(Listener, "Listener.cs"), TestCompilation.Tree(other, "Other.cs"));

    private static CSharpCompilation Replace(CSharpCompilation compilation, string file, string source) =>
        compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Single(t => t.FilePath == file), TestCompilation.Tree(source, file));
}
