using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Analyzers;

/// <summary>What is wrong with a call of the sender.</summary>
public sealed class SendingDiagnosticTests
{
    [Fact]
    public async Task IPC0011_a_target_in_the_body_s_place()
    {
        Assert.Equal(
            ["IPC0011: Target.All: The target stands where the body belongs: SendAsync(action, body, target)"],
            await Run("await sender.SendAsync(\"a\", Target.All);"));
        Assert.Equal(
            ["IPC0011: Target.Worker(1): The target stands where the body belongs: RequestAsync(action, body, target)"],
            await Run("await sender.RequestAsync<Target, int>(\"a\", Target.Worker(1));"));
    }

    [Fact]
    public async Task IPC0012_a_body_without_a_serializer() => Assert.Equal(
        ["IPC0012: new Version(): 'Version' cannot travel: it is neither a type with [Message] nor one of the built-in types"],
        await Run("await sender.SendAsync(\"a\", new Version());"));

    [Fact]
    public async Task IPC0012_an_answer_without_a_serializer() => Assert.Equal(
        ["IPC0012: sender.RequestAsync<string, List<int>>(\"a\", \"b\"): 'List<int>' cannot travel: it is neither a type with [Message] nor one of the built-in types"],
        await Run("await sender.RequestAsync<string, List<int>>(\"a\", \"b\");"));

    [Fact]
    public async Task IPC0012_what_is_published_or_subscribed_to_without_a_serializer() => Assert.Equal(
        [
            "IPC0012: topics.PublishAsync(\"a\", new Version()): 'Version' cannot travel: it is neither a type with [Message] nor one of the built-in types",
            "IPC0012: topics.SubscribeAsync<Version>(\"a\", (_, _, _) => default): 'Version' cannot travel: it is neither a type with [Message] nor one of the built-in types",
        ],
        await Run("""
            ITopics topics = null!;
            await topics.PublishAsync("a", new Version());
            await topics.SubscribeAsync<Version>("a", (_, _, _) => default);
            await topics.PublishAsync("a", new Tell());
            await topics.SubscribeAsync<string>("a", (_, _, _) => default);
            """));

    [Fact]
    public async Task Bodies_that_can_travel_have_no_diagnostics() => Assert.Empty(await Run("""
        await sender.SendAsync("a", "text");
        await sender.SendAsync("a", 1);
        await sender.SendAsync("a", new byte[1]);
        await sender.SendAsync("a", Guid.Empty, Target.All);
        await sender.SendAsync("a", new Tell());
        await sender.SendAsync(new Tell(), Target.Others);
        await sender.RequestAsync(new Ask());
        await sender.RequestAsync<string, decimal>("a", "b");
        await sender.RequestAsync<Tell, MessageBody>("a", new Tell());
        """));

    [Fact]
    public async Task IPC0013_an_action_that_nobody_listens_to()
    {
        const string Listener = """[Listener("PIPE_MESSAGE.order.placed")] sealed class L : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }""";
        string[] found = await Program("""
            await sender.SendAsync("order.placed", "1");
            await sender.SendAsync("order.plaecd", "1");
            await sender.SendAsync("PIPE_MESSAGE.order.placed", "1");
            await sender.SendAsync("stock", "1");
            await sender.SendAsync(new Tell());
            _ = await sender.RequestAsync(new Ask());
            """, Listener);
        Assert.Equal(
            [
                "IPC0013: \"order.plaecd\": No listener of this program or of the assemblies it references takes the action 'order.plaecd'; did you mean 'order.placed'?",
                "IPC0013: \"PIPE_MESSAGE.order.placed\": No listener of this program or of the assemblies it references takes the action 'PIPE_MESSAGE.order.placed'; an action is written without 'PIPE_MESSAGE.'",
                "IPC0013: \"stock\": No listener of this program or of the assemblies it references takes the action 'stock'",
                "IPC0013: new Tell(): No listener of this program or of the assemblies it references takes the action 'tell'",
                "IPC0013: new Ask(): No listener of this program or of the assemblies it references takes the action 'ask'",
            ],
            found.Where(d => !d.StartsWith("IPC0009", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_library_may_send_what_somebody_else_listens_to() => Assert.Empty(await Run("await sender.SendAsync(\"stock\", \"1\");"));

    [Fact]
    public async Task A_listener_of_a_referenced_assembly_counts()
    {
        MetadataReference library = LibraryCompilation.Of(
            "Warehouse",
            """[Listener("PIPE_MESSAGE.stock")] sealed class L : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }""");
        string source = """await Do(null!); static async Task Do(IMessageSender sender) { await sender.SendAsync("stock", "1"); }""";
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(TestCompilation.Create(source, OutputKind.ConsoleApplication, references: library)));
        Assert.Single(await AnalyzerRun.DiagnosticsAsync(TestCompilation.Create(source, OutputKind.ConsoleApplication)));
    }

    private const string Messages = """

        [Message("ask")] public partial record Ask : IRequestMessage<int>;
        [Message("tell")] public partial record Tell;
        """;

    private static Task<string[]> Run(string statements) => AnalyzerRun.DiagnosticsAsync(
        $$"""public static class Caller { public static async Task Call(IMessageSender sender) { {{statements}} } } {{Messages}}""");

    private static Task<string[]> Program(string statements, string types) => AnalyzerRun.DiagnosticsAsync(
        $$"""await Do(null!); static async Task Do(IMessageSender sender) { {{statements}} } {{types}} {{Messages}}""", OutputKind.ConsoleApplication);
}
