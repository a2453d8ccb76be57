using Ipc.Contracts;
using Ipc.Dispatch;
using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Contracts;

/// <summary>Contracts that are legal and still hard to emit; what cannot be emitted leaves nothing behind.</summary>
public sealed class ContractEmissionTests
{
    [Fact]
    public void Hostile_names_are_emitted()
    {
        GeneratorRun run = GeneratorRun.Of("""
            namespace Shop.@event
            {
                [IpcService]
                public interface @class
                {
                    Task @return(int @new, string client, string _client, string service, string request, string cancellationToken, int value, int @this, CancellationToken token);
                    Task<int> Equals(string GetHashCode, int member0, int count, int reader, int writer);
                }

                public partial class @namespace { [IpcService("a \"quoted\" name")] internal interface @if { ValueTask<@else> A(@else b = @else.@do); } public enum @else { @do } }
            }

            [IpcService]
            public interface INumbered
            {
                Task Add(int Add0, int Add_0, int Add_0_); Task Get1(); Task C(); Task D(); Task Get_1(); Task F(); Task G(); Task H(); Task I(); Task J(); Task K();
                Task Get(); Task Get(int Get12, int Get_12);
            }

            [IpcService] public interface Same { Task A(); }
            [IpcService] public interface SAME { Task A(); }
            [IpcService] public partial interface IParts { Task A(); }
            public partial interface IParts { Task B(); }
            """);
        Assert.All(run.Result.Results, result => Assert.Null(result.Exception));
        TestCompilation.Emit(run.Output);
    }

    [Theory]
    [InlineData("9 Shop-of.Things")]
    [InlineData("class")]
    [InlineData("Läden")]
    public void Every_assembly_name_gives_legal_code(string assemblyName) =>
        TestCompilation.Emit(GeneratorRun.Of(TestCompilation.Create("[IpcService] public interface IA { Task<int> B(int c); }", assemblyName: assemblyName)).Output);

    [Fact]
    public void Names_stay_when_something_is_added_behind()
    {
        const string First = "Task<int> AddAsync(int a); Task<int> AddAsync(int a, int b); Task SubAsync(Uri a, CancellationToken c);";
        const string Later = " Task<int> AddAsync(Uri[] a, (int, string) b); Task SubAsync(); Task MoreAsync();";
        Assert.Equal(["IA.AddAsync", "IA.AddAsync(int,int)", "IA.SubAsync"], Actions($"[IpcService] public interface IA {{ {First} }}"));
        Assert.Equal(
            ["IA.AddAsync", "IA.AddAsync(int,int)", "IA.SubAsync", "IA.AddAsync(System.Uri[],(int, string))", "IA.SubAsync()", "IA.MoreAsync"],
            Actions($"[IpcService] public interface IA {{ {First}{Later} }}"));
    }

    [Fact]
    public void What_an_interface_on_the_way_has_a_body_for_stays_where_it_is_called_unless_it_is_abstract_again()
    {
        Assert.Equal(
            ["IOwn.D", "IOwn.B", "IOwn.C"],
            Actions("""
                public interface IBase { Task A(); Task B(); Task C(); int Count { get; } }
                public interface IMiddle : IBase { Task IBase.A() => Task.CompletedTask; Task IBase.C() => Task.CompletedTask; int IBase.Count => 1; }
                [IpcService] public interface IOwn : IMiddle { Task D(); abstract Task IBase.C(); }
                """));
    }

    [Fact]
    public void Types_with_the_attributes_of_MessagePack_CSharp_get_a_serializer_where_a_contract_names_them()
    {
        GeneratorRun run = GeneratorRun.Of("""
            namespace MessagePack
            {
                [AttributeUsage(AttributeTargets.Class)] public sealed class MessagePackObjectAttribute : Attribute;
                [AttributeUsage(AttributeTargets.Property)] public sealed class KeyAttribute(int x) : Attribute { public int IntKey => x; }
            }

            [MessagePack.MessagePackObject] public sealed class Taken { [MessagePack.Key(0)] public int A { get; set; } }
            [MessagePack.MessagePackObject] public sealed class Given { [MessagePack.Key(0)] public int A { get; set; } }
            [MessagePack.MessagePackObject] public sealed class Unused { [MessagePack.Key(0)] public int A { get; set; } }
            [IpcService] public interface IA { Task<Dictionary<string, Given>> B(Taken[] c); }
            """);
        TestCompilation.Emit(run.Output);
        Assert.Equal(
            ["Given.Message.g.cs", "Taken.Message.g.cs"],
            run.Result.GeneratedTrees.Select(t => Path.GetFileName(t.FilePath)).Where(n => n.EndsWith(".Message.g.cs", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_contract_with_a_fault_is_left_out_and_the_rest_compiles()
    {
        GeneratorRun run = GeneratorRun.Of("""
            [IpcService] public interface IWrong { int A(); Task B(); }
            [IpcService] public interface IUnfinished { Task A(Missing b); }
            [Message] public record NotPartial(int A);
            [IpcService] public interface IRefused { Task<NotPartial[]> A(); }
            [IpcService] public interface IRight { Task A(); }
            """);
        Assert.Equal(
            ["IRight.Contract.g.cs"],
            run.Result.GeneratedTrees.Select(t => Path.GetFileName(t.FilePath)).Where(n => n.EndsWith(".Contract.g.cs", StringComparison.Ordinal)));
        Assert.DoesNotContain(run.Output.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree?.FilePath != "Source.cs");
    }

    private static string[] Actions(string source)
    {
        ListenerTable table = EmittedAssembly.TableOf(source);
        ContractDescriptor contract = Assert.Single(table.Contracts);
        return [.. contract.Serializers.Select(s => s.Action).OfType<string>()];
    }
}
