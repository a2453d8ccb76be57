using Ipc.Generators.Tests.Harness;

namespace Ipc.Generators.Messages.Tests.Generation;

/// <summary>What is emitted, word for word; that it also runs is shown by the round trips.</summary>
public sealed class MessageSnapshotTests
{
    private const string Shapes = """
        [Message, Union(0, typeof(Circle)), Union(1, typeof(Square))] public partial interface IShape;
        [Message] public partial record Circle(double Radius) : IShape;
        [Message] public partial record struct Square(double Side) : IShape;
        """;

    [Fact]
    public void Small_record()
    {
        GeneratorRun run = Run("""
            namespace Shop;
            [Message("order.placed")]
            public partial record OrderPlaced(Guid Id, decimal Total, string? Note = null, int Count = 1);
            """);
        Snapshot.Match(run.Source("Shop.OrderPlaced.Message.g.cs"), "OrderPlaced");
    }

    [Fact]
    public void Class_with_members_of_every_kind()
    {
        GeneratorRun run = Run("""
            using System.Collections.Immutable;
            namespace Shop;
            public enum Colour : byte { Red = 1, Green }
            public partial class Outer
            {
                [Message]
                internal partial class Inner
                {
                    [Key(0)] public required string Name { get; init; }
                    [Key(1)] public int Size { get; set; } = 5;
                    [Key(3)] public int Weight { get; init; } = 6;
                    [Key(4)] public Colour? Colour;
                    [Key(5)] public Dictionary<string, List<(int, string)>> Things { get; set; } = new();
                    [Key(6)] public ImmutableArray<Inner> More { get; set; }
                }
            }
            """);
        Snapshot.Match(run.Source("Shop.Outer.Inner.Message.g.cs"), "Inner");
    }

    [Fact]
    public void Union() => Snapshot.Match(Run(Shapes).Source("IShape.Message.g.cs"), "IShape");

    [Fact]
    public void Table() => Snapshot.Match(Run(Shapes).Source("Ipc.MessageSerializers.g.cs"), "MessageSerializers");

    [Fact]
    public void Struct_that_asks()
    {
        GeneratorRun run = Run("""
            namespace Shop;
            [Message("quote")] public readonly partial record struct QuoteRequest(long Id) : IRequestMessage<string?>;
            """);
        Snapshot.Match(run.Source("Shop.QuoteRequest.Message.g.cs"), "QuoteRequest");
    }

    [Fact]
    public void Foreign_type_with_a_map()
    {
        GeneratorRun run = Run(Foreign.Attributes + """
            namespace Shop
            {
                [MessagePack.MessagePackObject(true)]
                public class Plain { public int Id { get; set; } public string? Title { get; set; } }
                [Message] public partial record Holder(Plain Plain);
            }
            """);
        Snapshot.Match(run.Source("Shop.Plain.Message.g.cs"), "Plain");
    }

    private static GeneratorRun Run(string source)
    {
        GeneratorRun run = GeneratorRun.Of(source);
        TestCompilation.Emit(run.Output);
        return run;
    }
}
