using Ipc.Generators.Messages.Tests.Shapes;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests;

/// <summary>The emitted name tables: JSON becomes a body and back without reflection.</summary>
public class JsonTests
{
    private static T FromJson<T>(string json)
        where T : IMessage<T> => Codec.Read<T>(JsonMessageConverter.ToBody(MessageSerializer.Of<T>().Shape, json));

    private static string ToJson<T>(T value)
        where T : IMessage<T> => JsonMessageConverter.ToJson(MessageSerializer.Of<T>().Shape, Codec.Write(value));

    [Fact]
    public void A_record_comes_back()
    {
        Assert.Equal("""{"Id":1,"Name":"n","Stamp":-5,"Value":1.5}""", ToJson(new Small(1, "n", -5, 1.5)));
        Assert.Equal(new Small(1, "n", -5, 1.5), FromJson<Small>("""{"value":1.5,"unknown":[{}],"STAMP":-5,"Name":"n","Id":1}"""));
    }

    [Fact]
    public void Every_primitive_comes_back()
    {
        var message = new Primitives(
            true, 255, -128, -32768, 65535, int.MinValue, uint.MaxValue, long.MinValue, ulong.MaxValue, 1.25f, 1e300, 'ß', 79228162514264337593543950335m,
            Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), new DateTime(2026, 11, 20, 1, 2, 3, DateTimeKind.Utc).AddTicks(7),
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-90)), TimeSpan.FromTicks(-5), new DateOnly(2026, 2, 28), new TimeOnly(23, 59, 59, 999),
            Int128.MinValue, UInt128.MaxValue, (Half)0.5f, "text \ud83d\ude00", new Uri("https://example.org/b=c"), Colour.Green, Huge.Largest);
        string json = ToJson(message);
        Assert.Contains("\"P\":\"2026-01-02T03:04:05-01:30\"", json, StringComparison.Ordinal);
        Assert.Contains("\"Y\":\"Green\",\"Z\":\"Largest\"", json, StringComparison.Ordinal);
        Assert.Equal(message, FromJson<Primitives>(json));
    }

    [Fact]
    public void Enumerations_are_names_or_numbers()
    {
        Assert.Equal(Colour.Green, FromJson<Defaults>("""{"A":1,"D":"green"}""").D);
        Assert.Equal((Colour)77, FromJson<Defaults>("""{"A":1,"D":77}""").D);
        Assert.Contains("\"D\":77", ToJson(new Defaults(1, D: (Colour)77)), StringComparison.Ordinal);
        Assert.Throws<MessageFormatException>(() => FromJson<Defaults>("""{"A":1,"D":"blue"}"""));
    }

    [Fact]
    public void Missing_members_take_their_defaults()
    {
        Assert.Equal(new Defaults(0), FromJson<Defaults>("{}"));
        Assert.Equal(new Defaults(0, 5, "see", Colour.Green, null, 7), FromJson<Defaults>("""{"F":7}"""));
        Assert.Equal(new Defaults(0, 5, "see", Colour.Green, null, 7), FromJson<Defaults>("""{"C":null,"F":7}"""));
        Tree tree = FromJson<Tree>("""{"Value":1,"Next":{"Value":2}}""");
        Assert.Empty(tree.Children);
        Assert.Empty(tree.Next!.Children);
        PlainClass back = FromJson<PlainClass>("""{"Field":3}""");
        Assert.Equal((0, 5, 7, 3), (back.Number, back.WithInitializer, back.InitWithInitializer, back.Field));
        Assert.Equal(new Primitives(false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\0', 0, default, default, default, default, default, default, 0, 0, default, null!, null!, default, Huge.Small), FromJson<Primitives>("""{"Z":1}"""));
    }

    [Fact]
    public void Collections_tuples_and_bytes_come_back()
    {
        const string Tuples = """{"A":[1,"a"],"B":[2,"b","00000000-0000-0000-0000-000000000000"],"C":[3,"c"],"D":["d",4],"E":[[5,6],[7]],"F":[8],"G":[1,2,3,4,5,6,7]}""";
        Assert.Equal(Tuples, ToJson(FromJson<Tuples>(Tuples)));
        const string Bytes = """{"A":"AQI=","B":"","C":"Aw==","D":null}""";
        Assert.Equal(Bytes, ToJson(FromJson<Bytes>(Bytes)));
        const string Deep = """{"A":{"a":{"1":[["x",{"X":1,"Y":2}],["y",null]]}},"B":[[[1],[]],[]]}""";
        Assert.Equal(Deep, ToJson(FromJson<Deep>(Deep)));
        Collections back = FromJson<Collections>("""{"A":[1],"K":["x","x"],"N":[["k",1]],"O":{"-1":null},"P":{"Red":["z"]}}""");
        Assert.Equal(1, back.N["k"]);
        Assert.Null(back.O[-1]);
        Assert.Equal(["z"], back.P[Colour.Red]);
        Assert.Single(back.K);
    }

    [Fact]
    public void Unions_carry_their_key()
    {
        var message = new ShapeHolder(new Circle(1.5), new Dog { Name = "Rex" }, [new Square(2)]);
        const string Json = """{"First":{"$type":0,"Radius":1.5},"Second":{"$type":1,"Name":"Rex"},"More":[{"$type":3,"Side":2}]}""";
        Assert.Equal(Json, ToJson(message));
        Assert.Equal(new Circle(1.5), FromJson<ShapeHolder>(Json).First);
        Assert.Throws<MessageFormatException>(() => FromJson<ShapeHolder>("""{"First":{"Radius":1.5}}"""));
        Assert.Throws<MessageFormatException>(() => FromJson<ShapeHolder>("""{"First":{"$type":9}}"""));
    }

    [Fact]
    public void Types_that_contain_themselves_come_back()
    {
        const string Json = """{"Value":1,"Children":[{"Value":2,"Children":[],"Next":null}],"Next":null}""";
        Assert.Equal(Json, ToJson(FromJson<Tree>(Json)));
    }

    [Fact]
    public void Keys_gaps_and_maps_come_back()
    {
        Assert.Equal("""{"B":"b","A":7,"C":true}""", ToJson(FromJson<Keyed>("""{"A":7,"B":"b","C":true}""")));
        const string Json = """{"Array":{"A":1,"B":"b","Map":{"Id":2,"Title":null,"Numbers":[3]}},"Union":{"$type":1,"B":"t"},"Named":{"X":4,"Y":5}}""";
        Assert.Equal(Json, ToJson(FromJson<HoldsForeign>(Json)));
    }

    [Fact]
    public void Any_value_is_any_json()
    {
        Assert.Equal("""{"Body":{"a":[1,2.5]},"Other":null}""", ToJson(FromJson<WithBody>("""{"Body":{"a":[1,2.5]}}""") with { Other = MessageBody.Nil }));
    }

    [Theory]
    [InlineData("""{"name":"a","NAME":"b"}""", "a")]
    [InlineData("""{"name":"a","Name":"b"}""", "b")]
    [InlineData("""{"Name":"a","name":"b"}""", "a")]
    [InlineData("""{"Name":"a","Name":"b"}""", "b")]
    [InlineData("""{"N\u0061me":"a","x":{"Name":"b"}}""", "a")]
    public void A_members_exact_name_goes_before_one_in_another_case(string json, string name) => Assert.Equal(name, FromJson<Small>(json).Name);

    [Fact]
    public void Unknown_members_of_untrusted_json_are_looked_at_once()
    {
        string unknown = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"\"unknown-member-{i}\":0,"));
        string json = $"{{{unknown}\"Z\":1}}";
        MessageShape shape = MessageSerializer.Of<Primitives>().Shape;
        _ = JsonMessageConverter.ToBody(shape, json);
        long before = GC.GetAllocatedBytesForCurrentThread();

        _ = JsonMessageConverter.ToBody(shape, json);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * json.Length);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("""{"Id":"one"}""")]
    [InlineData("""{"Id":1.5}""")]
    [InlineData("""{"Id":null}""")]
    [InlineData("""{"Name":5}""")]
    [InlineData("""{"Name":"\uD800"}""")]
    [InlineData("""{"Value":"x"}""")]
    [InlineData("""{"Id":99999999999999999999}""")]
    public void Json_of_the_wrong_kind_is_refused(string json) => Assert.Throws<MessageFormatException>(() => FromJson<Small>(json));

    [Fact]
    public void A_number_that_the_member_cannot_hold_is_refused_on_reading() =>
        Assert.Throws<MessageFormatException>(() => FromJson<Small>("""{"Id":3000000000}"""));
}
