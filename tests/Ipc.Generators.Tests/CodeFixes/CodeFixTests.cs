using Ipc.Generators.CodeFixes;
using Ipc.Generators.Tests.Harness;

namespace Ipc.Generators.Tests.CodeFixes;

/// <summary>What each fix makes of the source it was offered for.</summary>
public sealed class CodeFixTests
{
    [Fact]
    public async Task A_message_and_the_types_around_it_are_made_partial() => Assert.Equal(
        """
        public partial class Outer
        {
            // A comment.
            [Message("a")]
            public partial record A(int Number);
        }
        """.ReplaceLineEndings("\n"),
        await CodeFixRun.ApplyAsync(
            """
            public class Outer
            {
                // A comment.
                [Message("a")]
                public record A(int Number);
            }
            """, "IPC1001", new MakePartialCodeFix()));

    [Fact]
    public async Task A_message_without_modifiers_keeps_its_comment() => Assert.Equal(
        "// A comment.\npartial class Outer\n{\n    [Message] internal partial struct A;\n}",
        await CodeFixRun.ApplyAsync("// A comment.\nclass Outer\n{\n    [Message] internal struct A;\n}", "IPC1001", new MakePartialCodeFix()));

    [Fact]
    public async Task The_interface_that_fits_the_method_is_added() => Assert.Equal(
        """
        [Listener("PIPE_MESSAGE.a")]
        public sealed class L : IListener<string, int>
        {
            public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
        }
        """.ReplaceLineEndings("\n"),
        await CodeFixRun.ApplyAsync(
            """
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L
            {
                public ValueTask<int> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
            }
            """, "IPC0001", new AddListenerInterfaceCodeFix()));

    [Fact]
    public async Task The_interface_is_added_behind_a_base_type() => Assert.Equal(
        """
        [Listener("PIPE_MESSAGE.a")]
        public sealed class L(Uri address) : IDisposable, IListener<string>
        {
            public void Dispose() => GC.KeepAlive(address);
            public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
        }
        """.ReplaceLineEndings("\n"),
        await CodeFixRun.ApplyAsync(
            """
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L(Uri address) : IDisposable
            {
                public void Dispose() => GC.KeepAlive(address);
                public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;
            }
            """, "IPC0001", new AddListenerInterfaceCodeFix()));

    [Fact]
    public async Task An_empty_class_gets_the_interface_for_any_message_and_its_method() => Assert.Equal(
        """
        [Listener("PIPE_MESSAGE.a")]
        public sealed class L : IListener<MessageBody>
        {
            public ValueTask HandleAsync(MessageBody message, MessageContext context, CancellationToken cancellationToken) => default;
        }
        """.ReplaceLineEndings("\n"),
        await CodeFixRun.ApplyAsync(
            """
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L
            {
            }
            """, "IPC0001", new AddListenerInterfaceCodeFix()));

    [Fact]
    public async Task A_comment_behind_a_class_without_a_body_stays() => Assert.Equal(
        """
        [Listener("PIPE_MESSAGE.a")]
        public sealed class L : IListener<MessageBody>
        {
            public ValueTask HandleAsync(MessageBody message, MessageContext context, CancellationToken cancellationToken) => default;
        } // Not yet.

        // The end.
        """.ReplaceLineEndings("\n"),
        await CodeFixRun.ApplyAsync(
            """
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L; // Not yet.

            // The end.
            """, "IPC0001", new AddListenerInterfaceCodeFix()));

    [Fact]
    public async Task Names_that_are_keywords_are_escaped()
    {
        const string Source = """
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L : IListener<string>
            {
                public async ValueTask HandleAsync(string message, MessageContext context, CancellationToken @class) { await "a".Later(CALL); }
            }
            public static class Extensions { public static Task Later(this string text, int n = 1, CancellationToken @event = default) => Task.CompletedTask; }
            """;
        string? changed = await CodeFixRun.ApplyAsync(Source.Replace("CALL", "", StringComparison.Ordinal), "IPC0014", new ForwardTokenCodeFix());
        Assert.Equal(Source.Replace("CALL", "@event: @class", StringComparison.Ordinal).ReplaceLineEndings("\n"), changed);
    }

    [Theory]
    [InlineData("await Task.Delay(1);", "await Task.Delay(1, token);")]
    [InlineData("await sender.SendAsync(\"a\", \"b\");", "await sender.SendAsync(\"a\", \"b\", cancellationToken: token);")]
    [InlineData("await sender.SendAsync(body: \"b\", action: \"a\");", "await sender.SendAsync(body: \"b\", action: \"a\", cancellationToken: token);")]
    [InlineData("await new HttpMessageInvokerStub().CloseAsync();", "await new HttpMessageInvokerStub().CloseAsync(token);")]
    [InlineData("await \"a\".Later(2);", "await \"a\".Later(2, token);")]
    public async Task The_token_is_forwarded(string before, string after)
    {
        const string Source = """
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L(IMessageSender sender) : IListener<string>
            {
                public async ValueTask HandleAsync(string message, MessageContext context, CancellationToken token) { _ = sender; STATEMENT }
            }
            public sealed class HttpMessageInvokerStub { public Task CloseAsync() => Task.CompletedTask; public Task CloseAsync(CancellationToken ct) => Task.CompletedTask; }
            public static class Extensions { public static Task Later(this string text, int n, CancellationToken cancel = default) => Task.CompletedTask; }
            """;
        string? changed = await CodeFixRun.ApplyAsync(Source.Replace("STATEMENT", before, StringComparison.Ordinal), "IPC0014", new ForwardTokenCodeFix());
        Assert.Equal(Source.Replace("STATEMENT", after, StringComparison.Ordinal).ReplaceLineEndings("\n"), changed);
    }

    [Theory]
    [InlineData("IPC0016", "\"IMI.PIPE_MESSAGE.a\"", "\"PIPE_MESSAGE.a\"")]
    [InlineData("IPC0016", "\"IMI.PIPE_MESSAGE.a\", Priority = 3", "\"PIPE_MESSAGE.a\", Priority = 3")]
    [InlineData("IPC0018", "\"order.placed\"", "\"PIPE_MESSAGE.order.placed\"")]
    public async Task An_event_s_name_is_put_right(string id, string before, string after)
    {
        const string Source = "[Listener(EVENT)] public sealed class L : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }";
        string? changed = await CodeFixRun.ApplyAsync(Source.Replace("EVENT", before, StringComparison.Ordinal), id, new EventNameCodeFix());
        Assert.Equal(Source.Replace("EVENT", after, StringComparison.Ordinal), changed);
    }

    [Fact]
    public async Task An_event_in_a_constant_elsewhere_is_left_to_a_person() => Assert.Null(await CodeFixRun.ApplyAsync(
        """
        public static class Events { public const string A = "IMI.PIPE_MESSAGE.a"; }
        [Listener(Events.A)] public sealed class L : IListener<string> { public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default; }
        """, "IPC0016", new EventNameCodeFix()));
}
