using Ipc.Generators.Messages.Tests.Shapes;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>Both directions against running foreign implementations.</summary>
public class LiveWireTests
{
    public static TheoryData<string> Languages => ["python", "node"];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task They_read_what_we_write_and_we_read_what_they_write(string language)
    {
        using ForeignProcess foreign = ForeignProcess.Start(language);
        foreach ((string name, WireCase ours) in WireCases.All)
        {
            if (language == "node" && name is ("double 1e+300" or "dictionaries"))
            {
                // JavaScript takes 1e300 for a whole number, and its objects have texts for keys only.
                continue;
            }

            (byte[] theirs, _) = await foreign.ExchangeAsync(ours.Bytes);
            Assert.True(ours.Bytes.AsSpan().SequenceEqual(theirs), $"{name}: {Convert.ToHexString(ours.Bytes)} came back as {Convert.ToHexString(theirs)}");
            Assert.Equal(ours.Bytes, ours.Rewrite(theirs));
        }
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task They_see_the_values_that_we_mean(string language)
    {
        using ForeignProcess foreign = ForeignProcess.Start(language);
        async Task Sees<T>(string json, T message)
            where T : IMessage<T> => Assert.Equal(json, (await foreign.ExchangeAsync(Codec.Write(message))).Json);

        await Sees("""[7,"x",-5,0.25]""", new Small(7, "x", -5, 0.25));
        await Sees("""[[0,[1.5]],[1,["Rex"]],[[3,[2.5]]]]""", new ShapeHolder(new Circle(1.5), new Dog { Name = "Rex" }, [new Square(2.5)]));
        await Sees("""[{"bin":"0102"},{"bin":""},{"bin":"03"},null]""", new Bytes([1, 2], Memory<byte>.Empty, new byte[] { 3 }, null));
        await Sees("""["b",null,7,null,true]""", new Keyed(7, "b") { C = true });
        await Sees(
            """[[1,null,"b",{"Id":2,"Title":null,"Numbers":[3]}],[1,["t"]],{"x":4,"why":5}]""",
            new HoldsForeign(new ForeignArray { A = 1, B = "b", Map = new ForeignMap(2, null) { Numbers = [3] } }, new ForeignTwo("t"), new ForeignNamed { X = 4, Y = 5 }));
        var time = new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc).AddTicks(1);
        var primitives = new Primitives(
            true, 1, -1, -2, 2, -3, 3, -4, 4, 0.5f, 0.25, 'A', 1.50m, Guid.Empty, time, new DateTimeOffset(time.Ticks, TimeSpan.FromHours(2)), TimeSpan.FromTicks(7),
            new DateOnly(1, 1, 2), new TimeOnly(9), -5, 5, (Half)0.5f, "w", new Uri("x", UriKind.Relative), Colour.Green, Huge.Small);
        long seconds = (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        await Sees(
            $$"""[true,1,-1,-2,2,-3,3,-4,4,0.5,0.25,65,"1.50","00000000-0000-0000-0000-000000000000",{"time":[{{seconds}},100]},[{"time":[{{seconds}},100]},120],7,1,9,"-5","5",0.5,"w","x",2,1]""",
            primitives);
    }

    [Theory]
    [InlineData("python", 11)]
    [InlineData("node", 12)]
    public async Task Random_values_survive_the_way_there_and_back(string language, int seed)
    {
        using ForeignProcess foreign = ForeignProcess.Start(language);
        var values = new RandomBody(new Random(seed));
        for (int i = 0; i < 400; i++)
        {
            byte[] ours = values.Next();
            (byte[] theirs, _) = await foreign.ExchangeAsync(ours);
            Assert.True(ours.AsSpan().SequenceEqual(theirs), $"Value {i} of seed {seed} came back changed.");
            Assert.Equal(MessageBody.Parse(ours), MessageBody.Parse(theirs));
        }
    }
}
