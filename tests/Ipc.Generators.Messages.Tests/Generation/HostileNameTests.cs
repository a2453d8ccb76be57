using Ipc.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>Names that are legal in C# and still hard to emit.</summary>
public sealed class HostileNameTests
{
    [Fact]
    public void A_keyword_in_a_namespace_is_emitted()
    {
        GeneratorRun run = GeneratorRun.Of(Foreign.Attributes + """
            namespace Shop.@event.@class
            {
                [Message("a")] public partial record A(int X, @base Y);
                [Message("b")] public partial record struct B(int X) : IRequestMessage<@base>;
                public partial class @namespace { [Message] public partial record @if(int @else); }
                [MessagePack.MessagePackObject(true)] public class @base { public int @new { get; set; } }
                [Listener] public sealed class @void : IListener<A>
                {
                    public ValueTask HandleAsync(A message, MessageContext context, CancellationToken cancellationToken) => default;
                }
            }
            """);
        Assert.All(run.Result.Results, result => Assert.Null(result.Exception));
        TestCompilation.Emit(run.Output);
        Assert.Equal(
            ["Shop.event.class.A.Message.g.cs", "Shop.event.class.B.Message.g.cs", "Shop.event.class.base.Message.g.cs", "Shop.event.class.namespace.if.Message.g.cs"],
            run.Result.GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath)).Where(name => name.EndsWith(".Message.g.cs", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_enumeration_of_one_name_is_emitted() =>
        TestCompilation.Emit(GeneratorRun.Of("public enum One { Only } [Message] public partial record A(One X, List<One> Y);").Output);
}
