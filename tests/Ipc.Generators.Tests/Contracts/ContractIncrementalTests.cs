using System.Runtime.CompilerServices;
using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Tests.Contracts;

/// <summary>What an edit recomputes, and what the generator keeps in memory between edits.</summary>
public sealed class ContractIncrementalTests
{
    private const string Contract = "[IpcService] public interface IA { Task<int[]> B(int c, CancellationToken d); }";

    private static readonly string[] Steps = ["Ipc.Contracts", "Ipc.ContractClashes", "Ipc.TableContracts", "Ipc.Table"];

    [Theory]
    [InlineData("Other.cs", "public class Unrelated { public int Added; }")]
    [InlineData("Other.cs", "[Obsolete] public class Unrelated { } public interface IOther { Task A(); }")]
    [InlineData("Contract.cs", "// a comment\n" + Contract)]
    public void An_edit_that_changes_nothing_recomputes_nothing(string file, string edited)
    {
        GeneratorRun run = Edit(file, edited);
        foreach (string step in Steps)
        {
            Assert.All(run.Reasons(step), reason => Assert.True(
                reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} was {reason}"));
        }
    }

    [Fact]
    public void A_new_method_recomputes_its_contract_and_no_table()
    {
        GeneratorRun run = Edit("Contract.cs", Contract.Replace(" }", " Task E(); }", StringComparison.Ordinal));
        Assert.All(run.Reasons("Ipc.Contracts"), reason => Assert.Equal(IncrementalStepRunReason.Modified, reason));
        Assert.Equal([IncrementalStepRunReason.Unchanged], run.Reasons("Ipc.TableContracts"));
        Assert.Equal([IncrementalStepRunReason.Cached], run.Reasons("Ipc.Table"));
    }

    [Fact]
    public void The_order_of_the_files_changes_nothing()
    {
        string[] contracts = [.. Enumerable.Range(0, 9).Select(i => $"[IpcService] public interface I{9 - i} {{ Task A(); }}")];
        Assert.Equal(Emit(contracts), Emit([.. contracts.Reverse()]));

        static string Emit(string[] sources) => GeneratorRun.Of(
            TestCompilation.Create("").AddSyntaxTrees(sources.Select((s, i) => TestCompilation.Tree(s, $"C{i}.cs")))).Source("Ipc.Listeners.g.cs");
    }

    [Fact]
    public void No_step_keeps_a_symbol_a_node_or_a_compilation()
    {
        GeneratorRun run = Edit("Contract.cs", Contract.Replace("int c", "List<string> c = null!", StringComparison.Ordinal));
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
        CSharpCompilation first = Create();
        GeneratorRun run = GeneratorRun.Of(first);
        run.Again(CSharpCompilation.Create("Shop", first.SyntaxTrees.Select(t => TestCompilation.Tree(t.ToString(), t.FilePath)), TestCompilation.References, first.Options));
        return (run, new WeakReference(first));
    }

    private static GeneratorRun Edit(string file, string source)
    {
        CSharpCompilation first = Create();
        return GeneratorRun.Of(first).Again(first.ReplaceSyntaxTree(first.SyntaxTrees.Single(t => t.FilePath == file), TestCompilation.Tree(source, file)));
    }

    private static CSharpCompilation Create() => TestCompilation.Create("")
        .AddSyntaxTrees(TestCompilation.Tree(Contract, "Contract.cs"), TestCompilation.Tree("public class Unrelated { }", "Other.cs"));
}
