using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Tests.Analyzers;

/// <summary>What is wrong with a listener class, each rule once with and once without its reason.</summary>
public sealed class ListenerDiagnosticTests
{
    private const string Handle = "public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;";

    private const string Messages = """
        [Message("ask")] public partial record Ask : IRequestMessage<int>;
        [Message("tell")] public partial record Tell;
        [Message] public partial record Inner;

        """;

    [Fact]
    public async Task A_correct_listener_has_no_diagnostics()
    {
        Assert.Empty(await Run($$"""[Listener("PIPE_MESSAGE.a")] internal sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Empty(await Run("""
            public static class Outer
            {
                [Listener]
                internal sealed class L(IServiceProvider services) : IListener<Ask, int>, IListener<Tell>
                {
                    public ValueTask<int> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => new(services.GetHashCode());
                    public ValueTask HandleAsync(Tell message, MessageContext context, CancellationToken cancellationToken) => default;
                }
            }
            """));
    }

    [Fact]
    public async Task IPC0001_a_listener_without_a_listener_interface() => Assert.Equal(
        ["IPC0001: L: 'L' has [Listener] but implements neither IListener<TMessage> nor IListener<TRequest, TResponse>"],
        await Run("""[Listener("PIPE_MESSAGE.a")] public sealed class L;"""));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    [InlineData("\"PIPE_MESSAGE.\"")]
    public async Task IPC0002_an_empty_event(string eventName)
    {
        string[] found = await Run($$"""[Listener({{eventName}})] public sealed class L : IListener<string> { {{Handle}} }""");
        Assert.Equal([$"IPC0002: Listener({eventName}): [Listener] on 'L' names no event, and an event without a name is never raised"], found);
    }

    [Fact]
    public async Task IPC0002_no_event_and_a_message_type_without_an_action()
    {
        Assert.Equal(
            ["IPC0002: Listener: [Listener] on 'L' names no event, and 'string' has no action in [Message] to take it from"],
            await Run($$"""[Listener] public sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0002: Listener: [Listener] on 'L' names no event, and 'Inner' has no action in [Message] to take it from"],
            await Run($$"""[Listener] public sealed class L : IListener<Inner> { {{Handle.Replace("string", "Inner")}} }"""));
    }

    [Fact]
    public async Task IPC0003_two_listeners_answer_one_action()
    {
        string[] found = await Run("""
            [Listener] public sealed class First : IListener<Ask, int> { public ValueTask<int> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => default; }
            [Listener("PIPE_MESSAGE.ask")] public sealed class Second : IListener<string, int> { public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }
            [Listener("PIPE_MESSAGE.ask")] public sealed class Watcher : IListener<Ask> { public ValueTask HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => default; }
            """);
        Assert.Equal(["IPC0003: Second: The action 'ask' is answered by 'First' already; of the listeners that answer there can be one per action"], found);
    }

    [Fact]
    public async Task IPC0003_a_listener_of_a_referenced_assembly_answers_the_action_already()
    {
        const string Answers = """[Listener("PIPE_MESSAGE.ask")] public sealed class L : IListener<string, int> { public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }""";
        var library = LibraryCompilation.Of("Warehouse", Answers);
        string[] found = await AnalyzerRun.DiagnosticsAsync(TestCompilation.Create(Answers, references: library));
        Assert.Equal(["IPC0003: L: The action 'ask' is answered by 'a listener of Warehouse' already; of the listeners that answer there can be one per action"], found);
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(TestCompilation.Create(Answers.Replace("MESSAGE.ask", "MESSAGE.other"), references: library)));
    }

    [Theory]
    [InlineData("[Listener(\"PIPE_MESSAGE.a\")][Listener(\"PIPE_MESSAGE.a\", Priority = 2)] public sealed class L : IListener<string, int> { public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }", "a")]
    [InlineData("""
        [Listener] public sealed class L : IListener<Ask, int>, IListener<Again, int>
        {
            public ValueTask<int> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => default;
            public ValueTask<int> HandleAsync(Again message, MessageContext context, CancellationToken cancellationToken) => default;
        }
        [Message("ask")] public partial record Again : IRequestMessage<int>;
        """, "ask")]
    public async Task IPC0003_one_class_answers_an_action_twice(string source, string action) => Assert.Equal(
        [$"IPC0003: L: The action '{action}' is answered by 'L' already; of the listeners that answer there can be one per action"],
        await Run(source));

    [Fact]
    public async Task The_same_row_named_in_two_ways_is_one_answer() => Assert.Empty(await Run(
        """[Listener][Listener("PIPE_MESSAGE.ask")] public sealed class L : IListener<Ask, int> { public ValueTask<int> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => default; }"""));

    [Fact]
    public async Task IPC0003_two_referenced_assemblies_answer_one_action()
    {
        const string Answers = """[Listener("PIPE_MESSAGE.ask")] sealed class L : IListener<string, int> { public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }""";
        MetadataReference[] libraries = [LibraryCompilation.Of("Office", Answers), LibraryCompilation.Of("Warehouse", Answers)];
        Assert.Equal(
            ["IPC0003: : The action 'ask' is answered by 'a listener of Office and a listener of Warehouse' already; of the listeners that answer there can be one per action"],
            await AnalyzerRun.DiagnosticsAsync(TestCompilation.Create("Console.WriteLine();", OutputKind.ConsoleApplication, references: libraries)));
        Assert.Empty(await AnalyzerRun.DiagnosticsAsync(TestCompilation.Create("", references: libraries)));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("5")]
    [InlineData("\"PIPE_MESSAGE.\" + name")]
    [InlineData("nameof(")]
    public async Task An_event_that_is_no_constant_has_the_compilers_error_only(string eventName) => Assert.Empty(await Run(
        $$"""[Listener({{eventName}})] public sealed class L : IListener<string> { static string name = "a"; {{Handle}} }"""));

    [Fact]
    public async Task IPC0004_an_answer_of_another_type_than_the_request_says() => Assert.Equal(
        ["IPC0004: Listener: 'L' answers 'string', but 'Ask' says that its answer is 'int'"],
        await Run("""[Listener] public sealed class L : IListener<Ask, string> { public ValueTask<string> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => default; }"""));

    [Theory]
    [InlineData("private L() { }", "it has no public constructor")]
    [InlineData("public L(int count) { }", "its parameter 'count' is a int, which no container has; take options or a keyed service, or give it a default")]
    [InlineData("public L(string text) { }", "its parameter 'text' is a string, which no container has; take options or a keyed service, or give it a default")]
    [InlineData("public L(ref Uri address) { }", "its parameter 'address' is by reference, a ref struct or a pointer, which no container has")]
    [InlineData("public L(Uri a) { } public L(Version b) { }", "2 public constructors take 1 parameters; mark the one to use with [ActivatorUtilitiesConstructor]")]
    [InlineData("public required Uri Address { get; init; }", "its member 'Address' is required, and the container cannot set it; take it as a constructor parameter")]
    [InlineData("public L([Microsoft.Extensions.DependencyInjection.FromKeyedServices(new[] { 1 })] Uri address) { }", "the key in [FromKeyedServices] on its parameter 'address' is an array, which equals no other; use a text, a number, an enum's value or a type")]
    public async Task IPC0005_an_unusable_constructor(string members, string reason) => Assert.Equal(
        [$"IPC0005: L: 'L' cannot be constructed: {reason}"],
        await Run($$"""[Listener("PIPE_MESSAGE.a")] public sealed class L : IListener<string> { {{members}} {{Handle}} }"""));

    [Theory]
    [InlineData("public L(Uri a) { } public L(Uri a, Version b) { }")]
    [InlineData("[Microsoft.Extensions.DependencyInjection.ActivatorUtilitiesConstructor] public L(Uri a) { } public L(Version b) { }")]
    [InlineData("public L([Microsoft.Extensions.DependencyInjection.FromKeyedServices(\"a\")] string text, int count = 3) { }")]
    [InlineData("[System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public L() { Address = null!; } public required Uri Address { get; init; }")]
    public async Task A_usable_constructor_has_no_diagnostics(string members) =>
        Assert.Empty(await Run($$"""[Listener("PIPE_MESSAGE.a")] public sealed class L : IListener<string> { {{members}} {{Handle}} }"""));

    [Fact]
    public async Task IPC0006_an_abstract_a_static_and_a_generic_listener()
    {
        Assert.Equal(
            ["IPC0006: L: 'L' is abstract, so that no instance of it can be made for a message"],
            await Run($$"""[Listener("PIPE_MESSAGE.a")] public abstract class L : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0006: L: 'L' is generic, so that no instance of it can be made for a message"],
            await Run($$"""[Listener("PIPE_MESSAGE.a")] public sealed class L<T> : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0006: L: 'L' is generic, so that no instance of it can be made for a message"],
            await Run($$"""public sealed class Outer<T> { [Listener("PIPE_MESSAGE.a")] public sealed class L : IListener<string> { {{Handle}} } }"""));
        Assert.Equal(
            ["IPC0006: L: 'L' is static, so that no instance of it can be made for a message"],
            await Run("""[Listener("PIPE_MESSAGE.a")] public static class L;"""));
    }

    [Theory]
    [InlineData("public class Outer { [Listener(\"PIPE_MESSAGE.a\")] private sealed class L : IListener<string> { H } }")]
    [InlineData("public class Outer { [Listener(\"PIPE_MESSAGE.a\")] protected sealed class L : IListener<string> { H } }")]
    [InlineData("public class Outer { private class Middle { [Listener(\"PIPE_MESSAGE.a\")] public sealed class L : IListener<string> { H } } }")]
    [InlineData("[Listener(\"PIPE_MESSAGE.a\")] file sealed class L : IListener<string> { H }")]
    public async Task IPC0007_a_listener_that_emitted_code_cannot_name(string source) => Assert.Equal(
        ["IPC0007: L: 'L' is private, protected or file-local, directly or through a type around it; make it internal or public"],
        await Run(source.Replace("H", Handle)));

    [Theory]
    [InlineData("\"\"", "subscribes to '', which is empty")]
    [InlineData("null!", "names no pattern")]
    [InlineData("\"orders..placed\"", "subscribes to 'orders..placed', which has an empty segment: a dot at its beginning or end, or two together")]
    [InlineData("\"ord*\"", "subscribes to 'ord*', which has '*' inside of a segment; it stands for whole segments only")]
    [InlineData("\"orders.>.placed\"", "subscribes to 'orders.>.placed', which has something behind '>', which stands for all segments that are left")]
    [InlineData("\"orders placed\"", "subscribes to 'orders placed', which contains white space, a control character or a surrogate")]
    public async Task IPC0023_a_pattern_that_no_topic_fits(string pattern, string problem) => Assert.Equal(
        [$"IPC0023: Subscribe({pattern}): 'L' {problem}"],
        await Run($$"""[Subscribe({{pattern}})] public sealed class L : IListener<string> { {{Handle}} }"""));

    [Fact]
    public async Task IPC0023_a_subscription_of_a_class_that_cannot_have_one()
    {
        Assert.Equal(
            ["IPC0023: Subscribe(\"orders\"): 'L' answers, and whoever publishes awaits no answer; implement IListener<TMessage>"],
            await Run("""
                [Subscribe("orders")]
                public sealed class L : IListener<Ask, int>
                {
                    public ValueTask<int> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => default;
                }
                """));
        Assert.Equal(
            ["IPC0023: Subscribe(\"orders\"): 'L' implements several listener interfaces, and a pattern does not say which one is meant; split the class"],
            await Run($$"""
                [Subscribe("orders")]
                public sealed class L : IListener<string>, IListener<Tell>
                {
                    {{Handle}}
                    public ValueTask HandleAsync(Tell message, MessageContext context, CancellationToken cancellationToken) => default;
                }
                """));
        Assert.Equal(
            ["IPC0023: Listener(\"TOPIC.orders.*\"): 'L' listens to 'TOPIC.orders.*'; topics are subscribed to with [Subscribe(\"orders.*\")]"],
            await Run($$"""[Listener("TOPIC.orders.*")] public sealed class L : IListener<string> { {{Handle}} }"""));
    }

    [Fact]
    public async Task A_correct_subscription_has_no_diagnostics_and_wrong_ones_have_those_of_listeners()
    {
        Assert.Empty(await Run($$"""[Subscribe("orders.*", Redelivery = true)] [Subscribe("stock.>")] [Subscribe("jobs.*", Queue = "billing", MaxDeliveries = 3, RunsIn = ListenerPlaces.Supervisor)] internal sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Empty(await Run("""
            [Listener]
            [Subscribe("orders.*")]
            internal sealed class L : IListener<Ask, int>, IListener<Tell>
            {
                public ValueTask<int> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken) => default;
                public ValueTask HandleAsync(Tell message, MessageContext context, CancellationToken cancellationToken) => default;
            }
            """));
        Assert.Equal(
            ["IPC0001: L: 'L' has [Subscribe] but implements neither IListener<TMessage> nor IListener<TRequest, TResponse>"],
            await Run("""[Subscribe("orders.*")] public sealed class L;"""));
        Assert.Equal(
            ["IPC0023: Subscribe(\"orders.*\", Queue = \"a:b\"): 'L' has the queue 'a:b', which contains a colon, white space, a control character or a surrogate"],
            await Run($$"""[Subscribe("orders.*", Queue = "a:b")] public sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0020: Subscribe(\"orders.*\", Queue = \"q\", Redelivery = false): 'L' has Redelivery beside Queue, whose messages are always delivered again"],
            await Run($$"""[Subscribe("orders.*", Queue = "q", Redelivery = false)] public sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0020: Subscribe(\"orders.*\", Queue = \"q\", MaxDeliveries = 101): 'L' has MaxDeliveries = 101; it may be 1 to 100"],
            await Run($$"""[Subscribe("orders.*", Queue = "q", MaxDeliveries = 101)] public sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0020: Subscribe(\"orders.*\", MaxDeliveries = 3): 'L' has MaxDeliveries without Redelivery = true"],
            await Run($$"""[Subscribe("orders.*", MaxDeliveries = 3)] public sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0008: Subscribe(\"orders.*\", RunsIn = ListenerPlaces.None): [Subscribe] on 'L' has RunsIn = None; name at least one of Supervisor, Workers and Clients, or leave it out for all of them"],
            await Run($$"""[Subscribe("orders.*", RunsIn = ListenerPlaces.None)] public sealed class L : IListener<string> { {{Handle}} }"""));
    }

    [Fact]
    public async Task IPC0008_a_listener_that_runs_nowhere() => Assert.Equal(
        ["IPC0008: Listener(\"PIPE_MESSAGE.a\", RunsIn = ListenerPlaces.None): [Listener] on 'L' has RunsIn = None; name at least one of Supervisor, Workers and Clients, or leave it out for all of them"],
        await Run($$"""[Listener("PIPE_MESSAGE.a", RunsIn = ListenerPlaces.None)] public sealed class L : IListener<string> { {{Handle}} }"""));

    [Fact]
    public async Task IPC0012_a_listener_for_a_type_without_a_serializer() => Assert.Equal(
        ["IPC0012: Listener(\"PIPE_MESSAGE.a\"): 'Version' cannot travel: it is neither a type with [Message] nor one of the built-in types"],
        await Run($$"""[Listener("PIPE_MESSAGE.a")] public sealed class L : IListener<Version> { {{Handle.Replace("string", "Version")}} }"""));

    [Fact]
    public async Task IPC0016_the_prefix_of_imi() => Assert.Equal(
        ["IPC0016: Listener(\"IMI.PIPE_MESSAGE.a\"): The event 'IMI.PIPE_MESSAGE.a' is never raised; here it is called 'PIPE_MESSAGE.a'"],
        await Run($$"""[Listener("IMI.PIPE_MESSAGE.a")] public sealed class L : IListener<string> { {{Handle}} }"""));

    [Fact]
    public async Task IPC0017_an_event_that_fits_several_interfaces()
    {
        const string Two = """
            public sealed class L : IListener<Tell>, IListener<string>
            {
                public ValueTask HandleAsync(Tell message, MessageContext context, CancellationToken cancellationToken) => default;
                public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
            }
            """;
        string[] found = await Run($"[Listener(\"PIPE_MESSAGE.other\")] {Two}");
        Assert.Equal(
            ["IPC0017: Listener(\"PIPE_MESSAGE.other\"): 'L' implements several listener interfaces, and the event 'PIPE_MESSAGE.other' does not say which one is meant; split the class, or use [Listener] alone"],
            found);
        Assert.Empty(await Run($"[Listener(\"PIPE_MESSAGE.tell\")] {Two}"));
        Assert.Empty(await Run($"[Listener] {Two}"));
    }

    [Fact]
    public async Task IPC0018_an_event_without_a_family()
    {
        Assert.Equal(
            ["IPC0018: Listener(\"order.placed\"): The event 'order.placed' is never raised; a message's event is called 'PIPE_MESSAGE.order.placed'"],
            await Run($$"""[Listener("order.placed")] public sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Empty(await Run($$"""[Listener("GATEWAY.CLOSE")] public sealed class L : IListener<string> { {{Handle}} }"""));
    }

    [Theory]
    [InlineData("MaxDeliveries = 3", "has MaxDeliveries without Redelivery = true")]
    [InlineData("MaxDeliveries = 0, Redelivery = true", "has MaxDeliveries = 0; it may be 1 to 100")]
    [InlineData("MaxDeliveries = 101, Redelivery = true", "has MaxDeliveries = 101; it may be 1 to 100")]
    [InlineData("Redelivery = true, RunsIn = ListenerPlaces.Supervisor", "does not run in workers, and nobody else has a successor")]
    [InlineData("Redelivery = true, RunsIn = ListenerPlaces.Workers, MaxDeliveries = 100", null)]
    [InlineData("Redelivery = true", null)]
    public async Task IPC0020_redelivery_that_cannot_be(string settings, string? problem) => Assert.Equal(
        problem is null ? [] : [$"IPC0020: Listener(\"PIPE_MESSAGE.a\", {settings}): 'L' {problem}"],
        await Run($$"""[Listener("PIPE_MESSAGE.a", {{settings}})] public sealed class L : IListener<string> { {{Handle}} }"""));

    [Fact]
    public async Task IPC0020_redelivery_of_requests_and_of_other_events()
    {
        Assert.Equal(
            ["IPC0020: Listener(\"PIPE_MESSAGE.a\", Redelivery = true): 'L' answers, and a request is never run twice: its asker is told at once"],
            await Run("""[Listener("PIPE_MESSAGE.a", Redelivery = true)] public sealed class L : IListener<string, int> { public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }"""));
        Assert.Equal(
            ["IPC0020: Listener(DeadLetter.EventName, Redelivery = true): 'L' listens to 'WORKER.DEADLETTER', which is no message between processes"],
            await Run($$"""[Listener(DeadLetter.EventName, Redelivery = true)] public sealed class L : IListener<DeadLetter> { {{Handle.Replace("string", "DeadLetter")}} }"""));
        Assert.Empty(await Run($$"""[Listener(DeadLetter.EventName)] public sealed class L : IListener<DeadLetter> { {{Handle.Replace("string", "DeadLetter")}} }"""));
    }

    [Fact]
    public async Task IPC0021_a_listener_that_does_not_take_the_events_message()
    {
        Assert.Equal(
            ["IPC0021: Listener(\"WORKER.READY\"): 'L' listens to 'WORKER.READY' and has to implement IListener<WorkerReady>, which is that event's message"],
            await Run($$"""[Listener("WORKER.READY")] public sealed class L : IListener<string> { {{Handle}} }"""));
        Assert.Equal(
            ["IPC0021: Listener(\"WORKER.READY\"): 'L' listens to 'WORKER.READY' and has to implement IListener<WorkerReady>, which is that event's message"],
            await Run("""[Listener("WORKER.READY")] public sealed class L : IListener<WorkerReady, int> { public ValueTask<int> HandleAsync(WorkerReady message, MessageContext context, CancellationToken cancellationToken) => default; }"""));
        Assert.Empty(await Run($$"""
            [Listener(WorkerReady.EventName), Listener(WorkerStopping.EventName)]
            public sealed class L : IListener<WorkerReady>, IListener<WorkerStopping> { {{Handle.Replace("string", "WorkerReady")}} {{Handle.Replace("string", "WorkerStopping")}} }
            """));
    }

    [Fact]
    public async Task IPC0022_an_event_that_is_never_raised()
    {
        string found = Assert.Single(await Run($$"""[Listener("WORKER.STARTED")] public sealed class L : IListener<WorkerStarted> { {{Handle.Replace("string", "WorkerStarted")}} }"""));
        Assert.StartsWith("IPC0022: Listener(\"WORKER.STARTED\"): The event 'WORKER.STARTED' is never raised; the events of its family are WORKER.START, WORKER.READY, ", found, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_knows_every_event_that_the_library_has()
    {
        Dictionary<string, string> events = typeof(WorkerReady).Assembly.GetExportedTypes()
            .Where(t => t.GetField("EventName") is { IsLiteral: true })
            .ToDictionary(t => (string)t.GetField("EventName")!.GetRawConstantValue()!, t => t.FullName!);

        Assert.Equal(events.OrderBy(e => e.Key, StringComparer.Ordinal), Common.KnownEvents.Messages.OrderBy(e => e.Key, StringComparer.Ordinal));
    }

    private static Task<string[]> Run(string source) => AnalyzerRun.DiagnosticsAsync(Messages + source);
}
