using MessagePack;

namespace Ipc.Generators.Messages.Tests.Shapes;

[MessagePackObject]
public class ForeignArray
{
    [MessagePack.Key(0)]
    public int A { get; set; }

    [MessagePack.Key(2)]
    public string? B { get; set; }

    [MessagePack.IgnoreMember]
    public int C { get; set; }

    [MessagePack.Key(3)]
    public ForeignMap? Map { get; set; }
}

[MessagePackObject(keyAsPropertyName: true)]
public sealed record ForeignMap(int Id, string? Title)
{
    public List<int> Numbers { get; init; } = [];
}

[MessagePackObject]
public struct ForeignNamed
{
    [MessagePack.Key("x")]
    public int X;

    [MessagePack.Key("why")]
    public int Y;
}

[MessagePack.Union(0, typeof(ForeignOne))]
[MessagePack.Union(1, typeof(ForeignTwo))]
public interface IForeignUnion;

[MessagePackObject]
public class ForeignOne : IForeignUnion
{
    [MessagePack.Key(0)]
    public int A { get; set; }
}

[MessagePackObject]
public class ForeignTwo(string b) : IForeignUnion
{
    [MessagePack.Key(0)]
    public string B { get; } = b;
}

[Message("holds-foreign")]
public partial record HoldsForeign(ForeignArray Array, IForeignUnion Union, ForeignNamed Named);
