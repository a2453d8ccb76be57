using System.Collections.Immutable;

namespace Ipc.Generators.Messages.Tests.Shapes;

public enum Colour : byte
{
    Red = 1,
    Green = 2,
}

public enum Huge : ulong
{
    Small = 1,
    Largest = ulong.MaxValue,
}

[Message("small")]
public partial record Small(int Id, string Name, long Stamp, double Value);

[Message("class")]
public partial class PlainClass
{
    public int Number { get; set; }

    public string? Text { get; set; } = "initial";

    public int WithInitializer { get; set; } = 5;

    public required string Required { get; init; }

    public int InitWithInitializer { get; init; } = 7;

    public int Field;

    public int Computed => Number * 2;

    [IgnoreMember]
    public int Ignored { get; set; }
}

[Message("struct")]
public partial struct PlainStruct
{
    public int X;

    public int Y { get; set; }
}

[Message("record-struct")]
public readonly partial record struct Point(int X, int Y = 42);

[Message("ask")]
public partial record struct Ask(int Id) : IRequestMessage<Small>;

[Message("defaults")]
public partial record Defaults(int A, int B = 5, string C = "see", Colour D = Colour.Green, double? E = 1.5, decimal F = 2.50m);

[Message("keyed")]
public partial record Keyed([property: Key(2)] int A, [Key(0)] string B)
{
    [Key(4)]
    public bool C { get; init; }
}

[Message("primitives")]
public partial record Primitives(
    bool A, byte B, sbyte C, short D, ushort E, int F, uint G, long H, ulong I, float J, double K, char L, decimal M,
    Guid N, DateTime O, DateTimeOffset P, TimeSpan Q, DateOnly R, TimeOnly S, Int128 T, UInt128 U, Half V, string W, Uri X, Colour Y, Huge Z);

[Message("nullables")]
public partial record Nullables(int? A, Colour? B, Guid? C, string? D, Point? E, Small? F, decimal? G, Uri? H, byte[]? I, (int, string)? J, bool? K);

[Message("bytes")]
public partial record Bytes(byte[] A, Memory<byte> B, ReadOnlyMemory<byte> C, ReadOnlyMemory<byte>? D);

[Message("in.place")]
public partial record struct InPlace(MessageBytes A, MessageBytes? B, MessageBytes[] C);

[Message("collections")]
public partial record Collections(
    int[] A, string[] B, int[][] C, List<Small> D, IList<int> E, ICollection<string> F, IEnumerable<int> G, IReadOnlyList<Point> H,
    IReadOnlyCollection<long> I, ImmutableArray<int> J, HashSet<string> K, ISet<int> L, IReadOnlySet<Guid> M,
    Dictionary<string, int> N, IDictionary<int, Small> O, IReadOnlyDictionary<Colour, List<string>> P, List<int?> Q, byte[][] R, List<byte> S);

[Message("tuples")]
public partial record Tuples(
    (int, string) A, (int Id, string Name, Guid Key) B, Tuple<int, string> C, KeyValuePair<string, int> D, ((int, int), int[]) E, ValueTuple<int> F,
    (int, int, int, int, int, int, int) G);

[Message("tree")]
public partial class Tree
{
    public int Value { get; set; }

    public List<Tree> Children { get; set; } = [];

    public Tree? Next { get; set; }
}

[Message("body")]
public partial record WithBody(MessageBody Body, MessageBody? Other);

[Message]
[Union(0, typeof(Circle))]
[Union(3, typeof(Square))]
public abstract partial record Shape;

[Message]
public partial record Circle(double Radius) : Shape;

[Message]
public partial record Square(double Side) : Shape;

[Message("holder")]
public partial record ShapeHolder(Shape First, IAnimal Second, List<Shape> More);

[Message]
[Union(1, typeof(Dog))]
[Union(2, typeof(Cat))]
public partial interface IAnimal;

[Message]
public partial class Dog : IAnimal
{
    public string Name { get; set; } = "";
}

[Message]
public partial struct Cat : IAnimal
{
    public int Lives { get; set; }
}

public partial class Outer
{
    internal partial struct Middle
    {
        [Message("nested")]
        internal partial record Inner(int A);
    }

    [Message]
    private partial record Hidden(int A);

    public static int RoundTripHidden(int value)
    {
        byte[] bytes = Codec.Write(new Hidden(value));
        return Codec.Read<Hidden>(bytes).A;
    }
}

[Message("base")]
public partial record BaseMessage(int A)
{
    public int B { get; set; }
}

[Message("derived")]
public partial record DerivedMessage(int A, string C) : BaseMessage(A)
{
    public int D { get; set; }
}

[Message("constructor")]
public partial class WithConstructor
{
    private readonly string _name;

    public WithConstructor(string name, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _name = name;
        Count = count;
    }

    public int Count { get; }

    public string Name => _name;
}

[Message("private")]
public partial class PrivateMembers
{
    private PrivateMembers()
    {
    }

    [Key(0)]
    private int Secret { get; set; }

    [Key(1)]
    public string Open { get; private set; } = "";

    public static PrivateMembers Make(int secret, string open) => new() { Secret = secret, Open = open };

    public int Reveal() => Secret;
}

[Message("keyword")]
public partial record @class(int @event, string @if);

[Message("empty")]
public partial record Empty;

[Message("nested dictionary")]
public partial record Deep(Dictionary<string, Dictionary<int, List<(string, Point?)>>> A, List<List<List<int>>> B);

[Message("ask-by-class")]
public partial record AskByClass(int Id) : IRequestMessage<string>;

[Message("own values")]
public partial class OwnValues
{
    private int _hidden = 6;

    public OwnValues() => Given = 5;

    public int Given { get; set; }

    public int Hidden
    {
        get => _hidden;
        set => _hidden = value;
    }
}

[Message("picky")]
public partial class Picky
{
    public int Small
    {
        get;
        set => field = value < 10 ? value : throw new ArgumentOutOfRangeException(nameof(value), "too large");
    }

    public partial int Parted { get; set; }

    public partial int Parted
    {
        get => field;
        set => field = value < 10 ? value : throw new ArgumentOutOfRangeException(nameof(value), "too large");
    }
}

/// <summary>A key whose own code refuses some values.</summary>
[Message]
public readonly partial record struct Tag(int Id)
{
    public override int GetHashCode() => Id >= 0 ? Id : throw new InvalidOperationException("no hash");
}

[Message("tags")]
public partial record Tags(HashSet<Tag>? Set, Dictionary<Tag, int>? Map, Dictionary<(int, Tag), int>? Pairs);
