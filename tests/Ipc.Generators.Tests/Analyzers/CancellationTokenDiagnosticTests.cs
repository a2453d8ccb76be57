using Ipc.Generators.Tests.Harness;

namespace Ipc.Generators.Tests.Analyzers;

/// <summary>IPC0014: calls inside a listener that could take its token.</summary>
public sealed class CancellationTokenDiagnosticTests
{
    [Theory]
    [InlineData("await Task.Delay(1);", "Task.Delay(1)")]
    [InlineData("await sender.SendAsync(\"a\", \"b\");", "sender.SendAsync(\"a\", \"b\")")]
    [InlineData("await Task.Run(async () => { await Task.Delay(2, token); await Task.Delay(1); }, token);", "Task.Delay(1)")]
    [InlineData("await System.IO.File.ReadAllTextAsync(\"a\");", "System.IO.File.ReadAllTextAsync(\"a\")")]
    public async Task A_call_without_the_token_is_marked(string statement, string marked)
    {
        string[] found = await Run(statement);
        Assert.Single(found);
        Assert.StartsWith($"IPC0014: {marked}: ", found[0]);
    }

    [Theory]
    [InlineData("await Task.Delay(1, token);")]
    [InlineData("await sender.SendAsync(\"a\", \"b\", cancellationToken: token);")]
    [InlineData("await Task.Delay(1, CancellationToken.None);")]
    [InlineData("await Task.Yield(); _ = message.Trim();")]
    [InlineData("Func<CancellationToken, Task> f = t => Task.Delay(1); await f(token);")]
    public async Task A_call_with_a_token_or_without_a_place_for_one_is_not(string statement) => Assert.Empty(await Run(statement));

    [Theory]
    [InlineData("async ValueTask IListener<string>.HandleAsync(string message, MessageContext context, CancellationToken token) { await Task.Delay(1); }", "IListener<string>")]
    [InlineData("async ValueTask<int> IListener<string, int>.HandleAsync(string message, MessageContext context, CancellationToken token) { await Task.Delay(1); return 1; }", "IListener<string, int>")]
    public async Task An_explicit_implementation_is_a_listener_too(string method, string implemented)
    {
        string[] found = await AnalyzerRun.DiagnosticsAsync($"[Listener(\"PIPE_MESSAGE.a\")] public sealed class L : {implemented} {{ {method} }}");
        Assert.Single(found);
        Assert.StartsWith("IPC0014: Task.Delay(1): ", found[0]);
    }

    [Fact]
    public async Task Code_outside_a_listener_is_not_marked() => Assert.Empty(await AnalyzerRun.DiagnosticsAsync(
        "public class C { public async Task HandleAsync(CancellationToken token) { await Task.Delay(1); } }"));

    private static Task<string[]> Run(string statement) => AnalyzerRun.DiagnosticsAsync($$"""
        [Listener("PIPE_MESSAGE.a")]
        public sealed class L(IMessageSender sender) : IListener<string>
        {
            public async ValueTask HandleAsync(string message, MessageContext context, CancellationToken token) { _ = sender; {{statement}} }
        }
        """);
}
