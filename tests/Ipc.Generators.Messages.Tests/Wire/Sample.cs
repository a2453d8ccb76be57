using Ipc.Generators.Messages.Tests.Shapes;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>Valid messages that tests spoil.</summary>
internal static class Sample
{
    public static byte[] Primitives { get; } = Codec.Write(new Primitives(
        true, 255, -128, -32768, 65535, int.MinValue, uint.MaxValue, long.MinValue, ulong.MaxValue, 1.25f, 1e300, 'ß', 79228162514264337593543950335m,
        Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), DateTime.MaxValue, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-90)), TimeSpan.MinValue,
        DateOnly.MaxValue, TimeOnly.MaxValue, Int128.MinValue, UInt128.MaxValue, (Half)0.5f, "text \ud83d\ude00", new Uri("https://example.org/b=c"), Colour.Green, Huge.Largest));

    public static byte[] Collections { get; } = Codec.Write(new Collections(
        [1, 2], ["a", "b"], [[1], [2, 3]], [new Small(1, "x", 2, 3)], new List<int> { 4 }, new List<string> { "b" }, [7], [new Point(1, 2)], [long.MaxValue], [5, 6], ["c"],
        new HashSet<int> { 7 }, new HashSet<Guid> { Guid.Empty }, new() { ["k"] = 1 }, new Dictionary<int, Small> { [-1] = new(1, "y", 2, 3) },
        new Dictionary<Colour, List<string>> { [Colour.Red] = ["z"] }, [1, null], [[1], []], [200]));

    public static byte[] Tree { get; } = Codec.Write(new Tree { Value = 1, Children = [new() { Value = 2, Next = new() }, new() { Value = 3 }], Next = new() { Value = 4 } });

    public static byte[] Shapes { get; } = Codec.Write(new ShapeHolder(new Circle(1), new Dog { Name = "Rex" }, [new Square(2), new Circle(3)]));

    public static byte[] Foreign { get; } = Codec.Write(new HoldsForeign(
        new ForeignArray { A = 1, B = "b", Map = new ForeignMap(2, null) { Numbers = [3] } }, new ForeignTwo("t"), new ForeignNamed { X = 4, Y = 5 }));

    public static byte[] Deep { get; } = Codec.Write(new Deep(new() { ["a"] = new() { [1] = [("x", new Point(1, 2)), ("y", null)] } }, [[[1], []], []]));

    public static byte[] Nullables { get; } = Codec.Write(
        new Nullables(1, Colour.Red, Guid.Empty, "", new Point(1, 2), new Small(1, "a", 2, 3), 1m, new Uri("a/b", UriKind.Relative), [1], (1, "x"), false));

    public static byte[] Constructor { get; } = Codec.Write(new WithConstructor("name", 3));
}
