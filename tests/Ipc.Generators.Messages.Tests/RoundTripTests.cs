using System.Collections.Immutable;
using Ipc.Generators.Messages.Tests.Shapes;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests;

/// <summary>The emitted code, compiled into this assembly and run: every supported shape comes back as it was.</summary>
public class RoundTripTests
{
    [Fact]
    public void A_small_record_comes_back()
    {
        var message = new Small(1, "näme", long.MinValue, 1.5);
        Assert.Equal(message, Codec.Read<Small>(Codec.Write(message)));
        Assert.Equal("small", MessageSerializer.Of<Small>().Action);
    }

    [Fact]
    public void A_class_comes_back_with_required_init_and_field_members()
    {
        var message = new PlainClass { Number = 3, Text = null, WithInitializer = 0, Required = "r", InitWithInitializer = 9, Field = -1, Ignored = 4 };
        PlainClass back = Codec.Read<PlainClass>(Codec.Write(message));
        Assert.Equal((3, null, 0, "r", 9, -1, 0), (back.Number, back.Text, back.WithInitializer, back.Required, back.InitWithInitializer, back.Field, back.Ignored));
    }

    [Fact]
    public void Structs_come_back()
    {
        PlainStruct back = Codec.Read<PlainStruct>(Codec.Write(new PlainStruct { X = 1, Y = 2 }));
        Assert.Equal((1, 2), (back.X, back.Y));
        Assert.Equal(new Point(7, 8), Codec.Read<Point>(Codec.Write(new Point(7, 8))));
    }

    [Fact]
    public void Every_primitive_comes_back()
    {
        var message = new Primitives(
            true, 255, -128, -32768, 65535, int.MinValue, uint.MaxValue, long.MinValue, ulong.MaxValue, 1.25f, double.Epsilon, 'ß', 79228162514264337593543950335m,
            Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), new DateTime(2026, 11, 20, 1, 2, 3, DateTimeKind.Utc).AddTicks(7),
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-90)), TimeSpan.FromTicks(-5), new DateOnly(2026, 2, 28), new TimeOnly(23, 59, 59, 999),
            Int128.MinValue, UInt128.MaxValue, (Half)0.5f, "text \ud83d\ude00", new Uri("https://example.org/ä?b=c"), Colour.Green, Huge.Largest);
        Assert.Equal(message, Codec.Read<Primitives>(Codec.Write(message)));
    }

    [Fact]
    public void Nullable_values_come_back_with_and_without_a_value()
    {
        var empty = new Nullables(null, null, null, null, null, null, null, null, null, null, null);
        Assert.Equal(empty, Codec.Read<Nullables>(Codec.Write(empty)));
        var full = new Nullables(1, Colour.Red, Guid.Empty, "", new Point(1, 2), new Small(1, "a", 2, 3), 1m, new Uri("a/b", UriKind.Relative), [1], (1, "x"), false);
        Nullables back = Codec.Read<Nullables>(Codec.Write(full));
        Assert.Equal(full with { I = null }, back with { I = null });
        Assert.Equal(full.I, back.I);
    }

    [Fact]
    public void Bytes_come_back_as_binary()
    {
        Bytes back = Codec.Read<Bytes>(Codec.Write(new Bytes([1, 2], new byte[] { 3 }, new byte[] { 4, 5 }, null)));
        Assert.Equal("1,2|3|4,5", $"{string.Join(',', back.A)}|{string.Join(',', back.B.ToArray())}|{string.Join(',', back.C.ToArray())}");
        Assert.Null(back.D);
    }

    [Fact]
    public void Bytes_that_are_read_in_place_are_binary_like_any_others()
    {
        var message = new InPlace(new byte[] { 1, 2 }, null, [new byte[] { 3 }, default]);
        byte[] body = Codec.Write(message);
        Assert.Equal("93C4020102C092C40103C400", Convert.ToHexString(body));
        InPlace back = Codec.Read<InPlace>(body);
        Assert.Equal((message.A, message.B), (back.A, back.B));
        Assert.Equal(message.C, back.C);
        string json = JsonMessageConverter.ToJson(MessageSerializer.Of<InPlace>().Shape, body);
        Assert.Equal("""{"A":"AQI=","B":null,"C":["Aw==",""]}""", json);
        Assert.Equal(body, JsonMessageConverter.ToBody(MessageSerializer.Of<InPlace>().Shape, json));
    }

    [Fact]
    public void Collections_come_back()
    {
        var message = new Collections(
            [1, 2], ["a", null!], [[1], [], [2, 3]], [new Small(1, "x", 2, 3)], new List<int> { 4 }, new List<string> { "b" }, Enumerable.Range(0, 3).Where(i => i != 1),
            [new Point(1, 2)], [long.MaxValue], [5, 6], ["c"], new HashSet<int> { 7 }, new HashSet<Guid> { Guid.Empty },
            new() { ["k"] = 1 }, new Dictionary<int, Small> { [-1] = new(1, "y", 2, 3) }, new Dictionary<Colour, List<string>> { [Colour.Red] = ["z"] },
            [1, null], [[1], []], [200]);
        Collections back = Codec.Read<Collections>(Codec.Write(message));
        Assert.Equal(message.A, back.A);
        Assert.Equal(message.B, back.B);
        Assert.Equal(message.C, back.C);
        Assert.Equal(message.D, back.D);
        Assert.Equal(message.E, back.E);
        Assert.Equal(message.F, back.F);
        Assert.Equal([0, 2], back.G);
        Assert.Equal(message.H, back.H);
        Assert.Equal(message.I, back.I);
        Assert.Equal(message.J.ToArray(), back.J.ToArray());
        Assert.Equal(message.K, back.K);
        Assert.Equal(message.L, back.L);
        Assert.Equal(message.M, back.M);
        Assert.Equal(message.N, back.N);
        Assert.Equal(message.O, back.O);
        Assert.Equal(["z"], back.P[Colour.Red]);
        Assert.Equal(message.Q, back.Q);
        Assert.Equal(message.R, back.R);
        Assert.Equal(message.S, back.S);
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(20_001)]
    public void Collections_of_any_size_come_back(int count)
    {
        int[] numbers = [.. Enumerable.Range(0, count)];
        var message = new Collections(
            numbers, null!, null!, null!, [.. numbers], null!, numbers, null!, null!, [.. numbers], null!, new HashSet<int>(numbers), null!, numbers.ToDictionary(i => $"{i}"), null!, null!, null!, null!, null!);
        Collections back = Codec.Read<Collections>(Codec.Write(message));
        Assert.Equal(numbers, back.A);
        Assert.Equal(numbers, back.E);
        Assert.Equal(numbers, back.G);
        Assert.Equal(numbers, back.J.ToArray());
        Assert.Equal(numbers, back.L);
        Assert.Equal(numbers, back.N.Values);
    }

    [Fact]
    public void Collections_that_are_null_come_back_as_null()
    {
        Collections back = Codec.Read<Collections>(Codec.Write(new Collections(null!, null!, null!, null!, null!, null!, null!, null!, null!, default, null!, null!, null!, null!, null!, null!, null!, null!, null!)));
        Assert.Null(back.A);
        Assert.Null(back.G);
        Assert.True(back.J.IsDefault);
        Assert.Null(back.N);
    }

    [Fact]
    public void Tuples_come_back()
    {
        var message = new Tuples((1, "a"), (2, "b", Guid.Empty), Tuple.Create(3, "c"), new("d", 4), ((5, 6), [7]), new(8), (1, 2, 3, 4, 5, 6, 7));
        Tuples back = Codec.Read<Tuples>(Codec.Write(message));
        Assert.Equal(message.A, back.A);
        Assert.Equal(message.B, back.B);
        Assert.Equal(message.C, back.C);
        Assert.Equal(message.D, back.D);
        Assert.Equal(message.E.Item2, back.E.Item2);
        Assert.Equal(message.F, back.F);
        Assert.Equal(message.G, back.G);
    }

    [Fact]
    public void A_type_that_contains_itself_comes_back()
    {
        Tree back = Codec.Read<Tree>(Codec.Write(new Tree { Value = 1, Children = [new() { Value = 2 }, new() { Value = 3 }], Next = new() { Value = 4 } }));
        Assert.Equal([2, 3], back.Children.Select(child => child.Value));
        Assert.Equal(4, back.Next!.Value);
    }

    [Fact]
    public void An_object_that_contains_itself_is_refused_and_the_process_lives()
    {
        var tree = new Tree();
        tree.Next = tree;
        Assert.Contains("64 levels", Assert.Throws<InvalidOperationException>(() => Codec.Write(tree)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unions_come_back_as_what_they_were()
    {
        ShapeHolder back = Codec.Read<ShapeHolder>(Codec.Write(new ShapeHolder(new Circle(1), new Dog { Name = "Rex" }, [new Square(2), new Circle(3)])));
        Assert.Equal(new Circle(1), back.First);
        Assert.Equal("Rex", Assert.IsType<Dog>(back.Second).Name);
        Assert.Equal([new Square(2), new Circle(3)], back.More);
        Assert.Equal(9, Assert.IsType<Cat>(Codec.Read<ShapeHolder>(Codec.Write(back with { Second = new Cat { Lives = 9 } })).Second).Lives);
        Assert.Equal([0x92, 0x03, 0x91, 0xCB, 0x40, 0, 0, 0, 0, 0, 0, 0], Codec.Write<Shape>(new Square(2)));
    }

    [Fact]
    public void A_union_that_is_an_interface_is_reached_through_its_type()
    {
        IAnimal back = Codec.Read<IAnimal>(Codec.Write<IAnimal>(new Dog { Name = "Rex" }));
        Assert.Equal("Rex", Assert.IsType<Dog>(back).Name);
    }

    [Fact]
    public void A_union_refuses_unknown_keys_and_too_few_items()
    {
        Assert.Throws<MessageFormatException>(() => Codec.Read<Shape>([0x92, 0x01, 0x91, 0xC0]));
        Assert.Throws<MessageFormatException>(() => Codec.Read<Shape>([0x91, 0x01]));
    }

    [Fact]
    public void Nested_and_private_types_come_back()
    {
        Assert.Equal(5, Codec.Read<Outer.Middle.Inner>(Codec.Write(new Outer.Middle.Inner(5))).A);
        Assert.Equal(6, Outer.RoundTripHidden(6));
    }

    [Fact]
    public void Members_of_base_types_travel()
    {
        var message = new DerivedMessage(1, "c") { B = 2, D = 3 };
        Assert.Equal(message, Codec.Read<DerivedMessage>(Codec.Write(message)));
        Assert.Equal([0x94, 0x01, 0xA1, 0x63, 0x02, 0x03], Codec.Write(message));
    }

    [Fact]
    public void A_constructor_is_used_and_its_exceptions_become_format_errors()
    {
        WithConstructor back = Codec.Read<WithConstructor>(Codec.Write(new WithConstructor("n", 2)));
        Assert.Equal(("n", 2), (back.Name, back.Count));
        MessageFormatException error = Assert.Throws<MessageFormatException>(() => Codec.Read<WithConstructor>([0x92, 0xFF, 0xA1, 0x61]));
        Assert.IsType<ArgumentOutOfRangeException>(error.InnerException);
    }

    [Fact]
    public void A_setter_with_a_body_refuses_with_a_format_error()
    {
        Assert.Equal(9, Codec.Read<Picky>([0x91, 0x09]).Small);
        Assert.IsType<ArgumentOutOfRangeException>(Assert.Throws<MessageFormatException>(() => Codec.Read<Picky>([0x91, 0x0A])).InnerException);
        Assert.Throws<MessageFormatException>(() => Codec.Read<Picky>([0x92, 0x01, 0x0A]));
    }

    [Theory]
    [InlineData(new byte[] { 0x93, 0x91, 0x91, 0xFF, 0xC0, 0xC0 })]
    [InlineData(new byte[] { 0x93, 0xC0, 0x81, 0x91, 0xFF, 0x01, 0xC0 })]
    [InlineData(new byte[] { 0x93, 0xC0, 0xC0, 0x81, 0x92, 0x01, 0x91, 0xFF, 0x01 })]
    public void A_key_whose_own_code_throws_is_a_format_error(byte[] bytes)
    {
        Assert.IsType<InvalidOperationException>(Assert.Throws<MessageFormatException>(() => Codec.Read<Tags>(bytes)).InnerException);
        Tags good = Codec.Read<Tags>(Codec.Write(new Tags([new(1)], new() { [new(2)] = 3 }, new() { [(4, new(5))] = 6 })));
        Assert.Equal((1, 3, 6), (good.Set!.Single().Id, good.Map![new(2)], good.Pairs![(4, new(5))]));
    }

    [Fact]
    public void Missing_members_keep_what_the_constructor_or_a_field_of_theirs_gives()
    {
        OwnValues back = Codec.Read<OwnValues>([0x90]);
        Assert.Equal((5, 6), (back.Given, back.Hidden));
        back = Codec.Read<OwnValues>([0x92, 0x01, 0x02]);
        Assert.Equal((1, 2), (back.Given, back.Hidden));
    }

    [Fact]
    public void Private_members_travel_when_they_have_a_key()
    {
        PrivateMembers back = Codec.Read<PrivateMembers>(Codec.Write(PrivateMembers.Make(4, "o")));
        Assert.Equal((4, "o"), (back.Reveal(), back.Open));
    }

    [Fact]
    public void Keywords_are_legal_names()
    {
        Assert.Equal(new @class(1, "x"), Codec.Read<@class>(Codec.Write(new @class(1, "x"))));
        Assert.Equal([0x90], Codec.Write(new Empty()));
    }

    [Fact]
    public void Missing_members_take_the_defaults_of_constructor_and_initializer()
    {
        Assert.Equal(new Defaults(9), Codec.Read<Defaults>([0x91, 0x09]));
        Assert.Equal(new Defaults(0), Codec.Read<Defaults>([0x90]));
        PlainClass back = Codec.Read<PlainClass>([0x91, 0x09]);
        Assert.Equal((9, "initial", 5, 7), (back.Number, back.Text, back.WithInitializer, back.InitWithInitializer));
        Assert.Equal(new Point(1, 42), Codec.Read<Point>([0x91, 0x01]));
    }

    [Fact]
    public void Nil_stands_for_a_default_that_the_type_gives_itself()
    {
        Assert.Equal(new Defaults(1, 5, "see", Colour.Green, null, 2.50m), Codec.Read<Defaults>([0x96, 0x01, 0xC0, 0xC0, 0xC0, 0xC0, 0xC0]));
    }

    [Fact]
    public void Null_that_may_be_a_members_value_is_no_default() =>
        Assert.Null(Codec.Read<Oblivious>(Codec.Write(new Oblivious { Text = null, Number = 1 })).Text);

    [Fact]
    public void Unknown_trailing_members_are_passed_over()
    {
        Assert.Equal(new Point(1, 2), Codec.Read<Point>([0x95, 0x01, 0x02, 0xA1, 0x61, 0x92, 0x01, 0x80, 0xC0]));
    }

    [Fact]
    public void Keys_fix_positions_and_gaps_are_nil()
    {
        var message = new Keyed(7, "b") { C = true };
        byte[] bytes = Codec.Write(message);
        Assert.Equal([0x95, 0xA1, 0x62, 0xC0, 0x07, 0xC0, 0xC3], bytes);
        Assert.Equal(message, Codec.Read<Keyed>(bytes));
    }

    [Fact]
    public void Dictionaries_refuse_nil_as_a_key()
    {
        Assert.Throws<MessageFormatException>(() => Codec.Read<Deep>([0x91, 0x81, 0xC0, 0x80]));
    }

    [Fact]
    public void Deep_generic_members_come_back()
    {
        var message = new Deep(new() { ["a"] = new() { [1] = [("x", new Point(1, 2)), ("y", null)] } }, [[[1], []], []]);
        Deep back = Codec.Read<Deep>(Codec.Write(message));
        Assert.Equal([("x", new Point(1, 2)), ("y", null)], back.A["a"][1]);
        Assert.Equal([1], back.B[0][0]);
    }

    [Fact]
    public void Any_value_is_a_member()
    {
        WithBody back = Codec.Read<WithBody>([0x92, 0x93, 0x01, 0xA1, 0x61, 0xC0, 0xC0]);
        Assert.Equal([0x93, 0x01, 0xA1, 0x61, 0xC0], back.Body.Bytes.ToArray());
        Assert.Equal([0x92, 0x93, 0x01, 0xA1, 0x61, 0xC0, 0xC0], Codec.Write(back));
    }

    [Fact]
    public void Foreign_types_give_the_bytes_that_their_own_library_gives()
    {
        var message = new HoldsForeign(
            new ForeignArray { A = 1, B = "b", C = 9, Map = new ForeignMap(2, null) { Numbers = [3] } }, new ForeignTwo("t"), new ForeignNamed { X = 4, Y = 5 });
        byte[] bytes = Codec.Write(message);
        byte[] expected =
        [
            0x93,
            0x94, 0x01, 0xC0, 0xA1, 0x62, 0x83, 0xA2, 0x49, 0x64, 0x02, 0xA5, 0x54, 0x69, 0x74, 0x6C, 0x65, 0xC0, 0xA7, 0x4E, 0x75, 0x6D, 0x62, 0x65, 0x72, 0x73, 0x91, 0x03,
            0x92, 0x01, 0x91, 0xA1, 0x74,
            0x82, 0xA1, 0x78, 0x04, 0xA3, 0x77, 0x68, 0x79, 0x05,
        ];
        Assert.Equal(expected, bytes);
        HoldsForeign back = Codec.Read<HoldsForeign>(bytes);
        Assert.Equal((1, "b", 2, 3), (back.Array.A, back.Array.B, back.Array.Map!.Id, back.Array.Map.Numbers[0]));
        Assert.Equal("t", Assert.IsType<ForeignTwo>(back.Union).B);
        Assert.Equal((4, 5), (back.Named.X, back.Named.Y));
    }

    [Fact]
    public void The_table_names_every_reachable_serializer_once()
    {
        Type[] types = [.. Generated.MessageSerializers.All.Select(serializer => serializer.Type)];
        Assert.Equal(types.Length, types.Distinct().Count());
        Assert.Contains(typeof(Small), types);
        Assert.Contains(typeof(ForeignMap), types);
        Assert.Contains(typeof(IAnimal), types);
        Assert.Contains(typeof(Outer.Middle.Inner), types);
        Assert.DoesNotContain(types, type => type.Name == "Hidden");
    }
}
