using Ipc.Generators.Tests.Harness;

namespace Ipc.Generators.Tests.Analyzers;

/// <summary>What cannot cross, each rule once with and once without its reason.</summary>
public sealed class ContractDiagnosticTests
{
    [Fact]
    public async Task A_correct_contract_has_no_diagnostics() => Assert.Empty(await AnalyzerRun.DiagnosticsAsync("""
        [Message] public partial record Item(string Name);

        public interface IBase { Task<int> A(); }

        [IpcService("stock")]
        public interface IStock : IBase
        {
            const int Most = 3;
            static int Least => 1;
            ValueTask B(Item a, Item?[] b, int c = 1, CancellationToken d = default);
            ValueTask<(int A, Item? B)> C(params string[] names);
            IAsyncEnumerable<Item> F(int a, CancellationToken b);
            Task<int> G(IAsyncEnumerable<int[]> a, int b);
            T D<T>(T a) => a;
            int E => 4;
        }

        // No contract: none of our business.
        public interface IOther { int A(object b); event Action B; }
        """));

    [Fact]
    public Task IPC2001_an_interface_that_cannot_be_a_contract() => AssertAllAsync(
        "IPC2001",
        source => source,
        ("[IpcService] public interface {|IA|}<T> { Task A(); }", "'IA' cannot be a contract: it is generic, or inside a generic type; nobody says which type is meant"),
        ("public class C<T> { [IpcService] public interface {|IA|} { Task A(); } }", "'IA' cannot be a contract: it is generic, or inside a generic type; nobody says which type is meant"),
        ("public class C { [IpcService] private interface {|IA|} { Task A(); } }", "'IA' cannot be a contract: it is private, protected or local to its file, directly or through a type around it"),
        ("[IpcService] file interface {|IA|} { Task A(); }", "'IA' cannot be a contract: it is private, protected or local to its file, directly or through a type around it"),
        ("[IpcService(\" \")] public interface {|IA|} { Task A(); }", "'IA' cannot be a contract: it is named with an empty text; name it, for example [IpcService(\"calc\")], or leave the argument out"));

    [Fact]
    public Task IPC2002_a_member_that_cannot_cross() => AssertAllAsync(
        "IPC2002",
        source => $"[IpcService] public interface IA {{ Task B(); {source} }}",
        ("int {|A|} { get; }", "'A' of 'IA' cannot be called in another process: a property or an indexer cannot wait for another process; make it a method"),
        ("int {|this|}[int a] { get; }", "'this[]' of 'IA' cannot be called in another process: a property or an indexer cannot wait for another process; make it a method"),
        ("event Action {|A|};", "'A' of 'IA' cannot be called in another process: an event cannot cross; make it a method that returns IAsyncEnumerable"),
        ("Task {|A|}<T>(T a);", "'A' of 'IA' cannot be called in another process: it is generic, and which types it will be called with is not known here"),
        ("static abstract Task {|A|}();", "'A' of 'IA' cannot be called in another process: it is static, and the implementation in another process is an instance"));

    [Fact]
    public async Task IPC2002_an_inherited_member_that_cannot_cross_is_marked_at_the_contract()
    {
        const string Disposal = "cannot be called in another process: a call cannot dispose what lives in another process; end it by a method of another name, or leave IAsyncDisposable to the implementation";
        string[] found = await AnalyzerRun.DiagnosticsAsync("""
            [IpcService] public interface IA : IAsyncDisposable { }
            [IpcService] public interface IB : IDisposable { }
            [IpcService] public interface IC : ILeft, IRight { }
            public interface ILeft { Task D(); Task D(int a); }
            public interface IRight { Task D(int a); Task D(); }
            """);
        Assert.Equal($"IPC2002: IA: 'DisposeAsync' of 'IA' {Disposal}", found[0]);
        Assert.Equal($"IPC2002: IB: 'Dispose' of 'IB' {Disposal}", found[1]);
        Assert.Contains("IPC2002: IC: 'D' of 'IC' cannot be called in another process: it is inherited twice, from interfaces that know nothing of each other", found);
    }

    [Fact]
    public Task IPC2003_a_result_that_cannot_cross() => AssertAllAsync(
        "IPC2003",
        source => $"[IpcService] public interface IA {{ {source} }}",
        ("void {|A|}();", "'A' of 'IA' returns void; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable"),
        ("int {|A|}(int b);", "'A' of 'IA' returns int; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable"),
        ("Task<object> {|A|}();", "'A' of 'IA' returns Task<object>, and 'object' cannot travel; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable"),
        ("IAsyncEnumerable<object> {|A|}();", "'A' of 'IA' returns IAsyncEnumerable<object>, and 'object' cannot travel; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable"),
        ("ValueTask<List<Uri[,]>> {|A|}();", "'A' of 'IA' returns ValueTask<List<Uri[,]>>, and 'List<Uri[,]>' cannot travel; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable"));

    [Fact]
    public Task IPC2004_a_parameter_that_cannot_cross() => AssertAllAsync(
        "IPC2004",
        source => $"[IpcService] public interface IA {{ {source} }}",
        ("Task A(ref int {|b|});", "'b' of 'IA.A' is passed by reference, and the other process has no part in this one's memory; return it instead"),
        ("Task A(in int {|b|});", "'b' of 'IA.A' is passed by reference, and the other process has no part in this one's memory; return it instead"),
        ("Task A(out int {|b|});", "'b' of 'IA.A' is passed by reference, and the other process has no part in this one's memory; return it instead"),
        ("Task A(object {|b|});", "'b' of 'IA.A' has the type 'object', which cannot travel; make it a [Message] or use a supported type"),
        ("Task A(Action<int> {|b|});", "'b' of 'IA.A' has the type 'Action<int>', which cannot travel; make it a [Message] or use a supported type"),
        ("Task A(System.IO.Stream {|b|});", "'b' of 'IA.A' has the type 'Stream', which cannot travel; make it a [Message] or use a supported type"),
        ("Task A(IAsyncEnumerable<object> {|b|});", "'b' of 'IA.A' has the type 'IAsyncEnumerable<object>', which cannot travel; make it a [Message] or use a supported type"),
        ("Task A(List<IAsyncEnumerable<int>> {|b|});", "'b' of 'IA.A' has the type 'List<IAsyncEnumerable<int>>', which cannot travel; make it a [Message] or use a supported type"),
        ("Task A(Span<byte> {|b|});", "'b' of 'IA.A' has the type 'Span<byte>', which cannot travel; make it a [Message] or use a supported type"),
        ("unsafe Task A(int* {|b|});", "'b' of 'IA.A' has the type 'int*', which cannot travel; make it a [Message] or use a supported type"));

    [Fact]
    public Task IPC2005_several_tokens_or_streams() => AssertAllAsync(
        "IPC2005",
        source => $"[IpcService] public interface IA {{ {source} }}",
        ("Task {|A|}(CancellationToken b, int c, CancellationToken d);", "'A' of 'IA' takes several cancellation tokens, and a call is cancelled once; link them where it is called"),
        ("Task {|A|}(IAsyncEnumerable<int> b, IAsyncEnumerable<int> c);", "'A' of 'IA' has several streams, and a call has one, in one direction; split the method, or put the items into one stream"),
        ("IAsyncEnumerable<int> {|A|}(IAsyncEnumerable<int> b);", "'A' of 'IA' has several streams, and a call has one, in one direction; split the method, or put the items into one stream"));

    [Fact]
    public async Task A_type_that_the_compiler_refuses_is_not_reported_twice() =>
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync("[IpcService] public interface IA { Task<Missing> A(); Task B(List<Missing[]> c); Missing D(); }"));

    [Fact]
    public async Task IPC1013_stands_where_a_contract_names_a_type_that_cannot_travel()
    {
        string[] found = await AnalyzerRun.DiagnosticsAsync("""
            namespace MessagePack
            {
                [AttributeUsage(AttributeTargets.Class)] public sealed class MessagePackObjectAttribute : Attribute;
                [AttributeUsage(AttributeTargets.Property)] public sealed class KeyAttribute(int x) : Attribute { public int IntKey => x; }
            }

            [MessagePack.MessagePackObject] public sealed class Wrong { [MessagePack.Key(0)] public object A { get; set; } = 1; }
            [IpcService] public interface IA { Task<int> B(List<Wrong> c); }
            """);
        Assert.Contains(found, d => d.StartsWith("IPC1013: IA: 'Wrong' cannot travel", StringComparison.Ordinal));
    }

    /// <summary>One diagnostic for each case, on the text between <c>{|</c> and <c>|}</c>; all cases in one compilation, each in a namespace of its own.</summary>
    private static async Task AssertAllAsync(string id, Func<string, string> wrap, params (string Marked, string Message)[] cases)
    {
        string source = string.Concat(cases.Select((one, i) => $"namespace N{i} {{ {wrap(one.Marked.Replace("{|", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal))} }}\n"));
        Assert.Equal(cases.Select(one => $"{id}: {MarkOf(one.Marked)}: {one.Message}"), await AnalyzerRun.DiagnosticsAsync(source));
    }

    private static string MarkOf(string marked) => marked[(marked.IndexOf("{|", StringComparison.Ordinal) + 2)..marked.IndexOf("|}", StringComparison.Ordinal)];
}
