using Ipc.Generators.CodeFixes;
using Ipc.Generators.Tests.Harness;

namespace Ipc.Generators.Tests.CodeFixes;

/// <summary>One click for a whole file.</summary>
public sealed class FixAllTests
{
    private const string Handle = "public ValueTask HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => default;";

    [Fact]
    public async Task All_messages_are_made_partial() => Assert.Equal(
        """
        public partial class Outer
        {
            [Message("a")] public partial record A;

            [Message("b")] public partial record B;

            [Message("c")] public partial record C;
        }

        [Message("d")] public partial record D;
        """.ReplaceLineEndings("\n"),
        await CodeFixRun.ApplyAllAsync(
            """
            public class Outer
            {
                [Message("a")] public record A;

                [Message("b")] public record B;

                [Message("c")] public record C;
            }

            [Message("d")] public record D;
            """, "IPC1001", new MakePartialCodeFix()));

    [Fact]
    public async Task All_listeners_get_their_interface() => Assert.Equal(
        $$"""
        [Listener("PIPE_MESSAGE.a")]
        public sealed class A : IListener<string>
        {
            {{Handle}}
        }

        [Listener("PIPE_MESSAGE.b")]
        public sealed class B : IListener<string>
        {
            {{Handle}}
        }
        """.ReplaceLineEndings("\n"),
        await CodeFixRun.ApplyAllAsync(
            $$"""
            [Listener("PIPE_MESSAGE.a")]
            public sealed class A
            {
                {{Handle}}
            }

            [Listener("PIPE_MESSAGE.b")]
            public sealed class B
            {
                {{Handle}}
            }
            """, "IPC0001", new AddListenerInterfaceCodeFix()));

    [Theory]
    [InlineData("IPC0016", "IMI.PIPE_MESSAGE.")]
    [InlineData("IPC0018", "")]
    public async Task All_events_are_put_right(string id, string prefix)
    {
        string Source(string before) => $$"""
            [Listener("{{before}}a")] public sealed class A : IListener<string> { {{Handle}} }
            [Listener("{{before}}b")] public sealed class B : IListener<string> { {{Handle}} }
            """.ReplaceLineEndings("\n");
        Assert.Equal(Source("PIPE_MESSAGE."), await CodeFixRun.ApplyAllAsync(Source(prefix), id, new EventNameCodeFix()));
    }

    [Fact]
    public async Task The_token_is_forwarded_in_all_calls()
    {
        string Source(string more) => $$"""
            [Listener("PIPE_MESSAGE.a")]
            public sealed class L : IListener<string>
            {
                public async ValueTask HandleAsync(string message, MessageContext context, CancellationToken token)
                {
                    await Task.Delay(1{{more}});
                    await Task.Run(() => Task.Delay(2{{more}}){{more}});
                }
            }
            """.ReplaceLineEndings("\n");
        Assert.Equal(Source(", token"), await CodeFixRun.ApplyAllAsync(Source(""), "IPC0014", new ForwardTokenCodeFix()));
    }

    [Fact]
    public void Every_fix_but_the_one_that_moves_code_into_one_place_is_offered_for_all() => Assert.Equal(
        [nameof(MoveHostedServiceCodeFix)],
        CodeFixRun.Providers.Where(p => p.GetFixAllProvider() is null).Select(p => p.GetType().Name));
}
