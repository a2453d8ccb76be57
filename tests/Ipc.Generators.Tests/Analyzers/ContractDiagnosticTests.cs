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

    [Theory]
    [InlineData("[IpcService] public interface {|IA|}<T> { Task A(); }", "'IA' cannot be a contract: it is generic, or inside a generic type; nobody says which type is meant")]
    [InlineData("public class C<T> { [IpcService] public interface {|IA|} { Task A(); } }", "'IA' cannot be a contract: it is generic, or inside a generic type; nobody says which type is meant")]
    [InlineData("public class C { [IpcService] private interface {|IA|} { Task A(); } }", "'IA' cannot be a contract: it is private, protected or local to its file, directly or through a type around it")]
    [InlineData("[IpcService] file interface {|IA|} { Task A(); }", "'IA' cannot be a contract: it is private, protected or local to its file, directly or through a type around it")]
    [InlineData("[IpcService(\" \")] public interface {|IA|} { Task A(); }", "'IA' cannot be a contract: it is named with an empty text; name it, for example [IpcService(\"calc\")], or leave the argument out")]
    public Task IPC2001_an_interface_that_cannot_be_a_contract(string source, string message) => AssertAsync("IPC2001", source, message);

    [Theory]
    [InlineData("int {|A|} { get; }", "'A' of 'IA' cannot be called in another process: a property or an indexer cannot wait for another process; make it a method")]
    [InlineData("int {|this|}[int a] { get; }", "'this[]' of 'IA' cannot be called in another process: a property or an indexer cannot wait for another process; make it a method")]
    [InlineData("event Action {|A|};", "'A' of 'IA' cannot be called in another process: an event cannot cross; make it a method that returns IAsyncEnumerable")]
    [InlineData("Task {|A|}<T>(T a);", "'A' of 'IA' cannot be called in another process: it is generic, and which types it will be called with is not known here")]
    [InlineData("static abstract Task {|A|}();", "'A' of 'IA' cannot be called in another process: it is static, and the implementation in another process is an instance")]
    public Task IPC2002_a_member_that_cannot_cross(string member, string message) => AssertAsync("IPC2002", $"[IpcService] public interface IA {{ Task B(); {member} }}", message);

    [Theory]
    [InlineData(": IAsyncDisposable", "'DisposeAsync' of 'IA' cannot be called in another process: a call cannot dispose what lives in another process; end it by a method of another name, or leave IAsyncDisposable to the implementation")]
    [InlineData(": IDisposable", "'Dispose' of 'IA' cannot be called in another process: a call cannot dispose what lives in another process; end it by a method of another name, or leave IAsyncDisposable to the implementation")]
    [InlineData(": ILeft, IRight", "'C' of 'IA' cannot be called in another process: it is inherited twice, from interfaces that know nothing of each other")]
    public Task IPC2002_an_inherited_member_that_cannot_cross_is_marked_at_the_contract(string bases, string message) => AssertAsync(
        "IPC2002",
        $"public interface ILeft {{ Task C(); Task C(int a); }} [IpcService] public interface {{|IA|}} {bases} {{ }} public interface IRight {{ Task D(); {(bases.Contains("IRight", StringComparison.Ordinal) ? "Task C(int a); Task C(); " : "")} }}",
        message,
        atLeast: true);

    [Theory]
    [InlineData("void {|A|}();", "'A' of 'IA' returns void; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable")]
    [InlineData("int {|A|}(int b);", "'A' of 'IA' returns int; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable")]
    [InlineData("Task<object> {|A|}();", "'A' of 'IA' returns Task<object>, and 'object' cannot travel; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable")]
    [InlineData("IAsyncEnumerable<object> {|A|}();", "'A' of 'IA' returns IAsyncEnumerable<object>, and 'object' cannot travel; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable")]
    [InlineData("ValueTask<List<Uri[,]>> {|A|}();", "'A' of 'IA' returns ValueTask<List<Uri[,]>>, and 'List<Uri[,]>' cannot travel; a method of a contract returns Task, ValueTask, either of them with a result that can travel, or IAsyncEnumerable")]
    public Task IPC2003_a_result_that_cannot_cross(string member, string message) => AssertAsync("IPC2003", $"[IpcService] public interface IA {{ {member} }}", message);

    [Theory]
    [InlineData("Task A(ref int {|b|});", "'b' of 'IA.A' is passed by reference, and the other process has no part in this one's memory; return it instead")]
    [InlineData("Task A(in int {|b|});", "'b' of 'IA.A' is passed by reference, and the other process has no part in this one's memory; return it instead")]
    [InlineData("Task A(out int {|b|});", "'b' of 'IA.A' is passed by reference, and the other process has no part in this one's memory; return it instead")]
    [InlineData("Task A(object {|b|});", "'b' of 'IA.A' has the type 'object', which cannot travel; make it a [Message] or use a supported type")]
    [InlineData("Task A(Action<int> {|b|});", "'b' of 'IA.A' has the type 'Action<int>', which cannot travel; make it a [Message] or use a supported type")]
    [InlineData("Task A(System.IO.Stream {|b|});", "'b' of 'IA.A' has the type 'Stream', which cannot travel; make it a [Message] or use a supported type")]
    [InlineData("Task A(IAsyncEnumerable<object> {|b|});", "'b' of 'IA.A' has the type 'IAsyncEnumerable<object>', which cannot travel; make it a [Message] or use a supported type")]
    [InlineData("Task A(List<IAsyncEnumerable<int>> {|b|});", "'b' of 'IA.A' has the type 'List<IAsyncEnumerable<int>>', which cannot travel; make it a [Message] or use a supported type")]
    [InlineData("Task A(Span<byte> {|b|});", "'b' of 'IA.A' has the type 'Span<byte>', which cannot travel; make it a [Message] or use a supported type")]
    [InlineData("unsafe Task A(int* {|b|});", "'b' of 'IA.A' has the type 'int*', which cannot travel; make it a [Message] or use a supported type")]
    public Task IPC2004_a_parameter_that_cannot_cross(string member, string message) => AssertAsync("IPC2004", $"[IpcService] public interface IA {{ {member} }}", message);

    [Fact]
    public Task IPC2005_several_tokens() => AssertAsync(
        "IPC2005",
        "[IpcService] public interface IA { Task {|A|}(CancellationToken b, int c, CancellationToken d); }",
        "'A' of 'IA' takes several cancellation tokens, and a call is cancelled once; link them where it is called");

    [Theory]
    [InlineData("Task {|A|}(IAsyncEnumerable<int> b, IAsyncEnumerable<int> c);")]
    [InlineData("IAsyncEnumerable<int> {|A|}(IAsyncEnumerable<int> b);")]
    public Task IPC2005_several_streams(string member) => AssertAsync(
        "IPC2005",
        $"[IpcService] public interface IA {{ {member} }}",
        "'A' of 'IA' has several streams, and a call has one, in one direction; split the method, or put the items into one stream");

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

    /// <summary>One diagnostic, on the text between <c>{|</c> and <c>|}</c>.</summary>
    private static async Task AssertAsync(string id, string marked, string message, bool atLeast = false)
    {
        int start = marked.IndexOf("{|", StringComparison.Ordinal);
        int end = marked.IndexOf("|}", StringComparison.Ordinal);
        string expected = $"{id}: {marked[(start + 2)..end]}: {message}";
        string[] found = await AnalyzerRun.DiagnosticsAsync(marked.Replace("{|", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal));
        if (atLeast)
        {
            Assert.Contains(expected, found);
        }
        else
        {
            Assert.Equal([expected], found);
        }
    }
}
