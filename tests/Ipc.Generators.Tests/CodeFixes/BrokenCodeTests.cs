using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ipc.Generators.Tests.CodeFixes;

/// <summary>What an editor shows is broken most of the time: neither generators nor rules nor fixes may throw over it.</summary>
public sealed class BrokenCodeTests
{
    /// <summary>Every n-th cut is taken, so that the whole takes seconds; a prime, so that no construct is always missed.</summary>
    private const int Step = 7;

    private const string Listener = """
        [Listener("order.placed", RunsIn = ListenerPlaces.Workers, Priority = 3)]
        public sealed class OrderListener(IMessageSender sender, int count) : IListener<string>, IListener<Ask, int>, System.IDisposable
        {
            public async ValueTask HandleAsync(string message, MessageContext context, CancellationToken token) => await sender.SendAsync("order.shipped", message);
            async ValueTask<int> IListener<Ask, int>.HandleAsync(Ask message, MessageContext context, CancellationToken token) { await Task.Delay(count); return 1; }
            public void Dispose() { }
        }
        [Listener] [Listener("IMI.PIPE_MESSAGE.a")] public class Empty;
        [Message("ask")] public record Ask(int Number) : IRequestMessage<int>;
        """;

    private const string Messages = """
        public class Outer<T>
        {
            [Message("a")] public partial record A([property: Key(1)] int Number = 3, [Key(0)] string Text = "t");
            [Message] [Union(0, typeof(Circle))] public abstract partial record Shape;
            [Message] public partial record Circle(double Radius, (int, string[]) Pair) : Shape;
        }
        [Message("b")] public struct B { public Dictionary<string, List<int?>> Items { get; set; } = new(); [IgnoreMember] public required Uri Address { get; init; } public Version V; }
        """;

    private const string Sends = """
        await Do(null!);
        static async Task Do(IMessageSender sender)
        {
            await sender.SendAsync("order.placed", new Version(1, 0), Target.Worker("web", 1));
            await sender.SendAsync("PIPE_MESSAGE.x", Target.All);
            int answer = await sender.RequestAsync<string, int>(body: "b", action: nameof(Do));
            await foreach (var one in sender.RequestAllAsync(new Ask())) Console.WriteLine(one);
        }
        [Message("ask")] public partial record Ask : IRequestMessage<int>;
        """;

    private const string Wiring = """
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        var builder = Host.CreateApplicationBuilder(args);
        // The workers.
        builder.AddIpcWorkers(o => o.Workers.Count = 2).OnWorkers("web", s => s.AddHostedService<Job>());
        if (args.Length > 0) { builder.Services.AddIpcWorkers(GeneratedIpcListeners.Instance); builder.Services.AddHostedService<Job>(); }
        Func<Action<IpcOptions>?, IpcWorkersBuilder> call = builder.Services.AddIpcWorkers;
        builder.Services.AddHostedService(provider => new Job());
        public sealed class Job : BackgroundService { protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask; }
        """;

    public static TheoryData<string, bool> Sources => new()
    {
        { nameof(Listener), true }, { nameof(Listener), false }, { nameof(Messages), true }, { nameof(Messages), false },
        { nameof(Sends), true }, { nameof(Sends), false }, { nameof(Wiring), true }, { nameof(Wiring), false },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Half_typed_code_makes_nothing_throw(string name, bool cutOff)
    {
        (string source, OutputKind kind) = name switch
        {
            nameof(Listener) => (Listener, OutputKind.DynamicallyLinkedLibrary),
            nameof(Messages) => (Messages, OutputKind.DynamicallyLinkedLibrary),
            nameof(Sends) => (Sends, OutputKind.ConsoleApplication),
            _ => (Wiring, OutputKind.ConsoleApplication),
        };
        SyntaxToken[] tokens = [.. (await TestCompilation.Tree(source, "Source.cs").GetRootAsync()).DescendantTokens()];
        int offered = 0;
        for (int i = 0; i < tokens.Length; i += Step)
        {
            // Cut off behind a token, as while typing; or without a token, as while changing.
            string broken = cutOff ? source[..tokens[i].Span.End] : source.Remove(tokens[i].SpanStart, tokens[i].Span.Length);
            try
            {
                offered += await CodeFixRun.ApplyEachAsync(broken, kind);
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\nfor\n{broken}");
            }
        }

        Assert.True(offered > 0 || name == nameof(Sends), "No fix was offered for any of the sources: they test nothing.");
    }
}
