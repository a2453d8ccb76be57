using System.Globalization;
using Ipc.Generators.Messages.Tests.Shapes;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>The cases of <c>golden.py</c> and <c>golden.mjs</c> as this library's values.</summary>
internal static class WireCases
{
    public static IReadOnlyDictionary<string, WireCase> All { get; } = Make().ToDictionary(item => item.Name, item => item.Case);

    private static IEnumerable<(string Name, WireCase Case)> Make()
    {
        yield return ("nil", WireCase.Of(BuiltInSerializers.String, null!));
        yield return ("true", WireCase.Of(BuiltInSerializers.Boolean, true));
        yield return ("false", WireCase.Of(BuiltInSerializers.Boolean, false));
        foreach (string number in (string[])
            ["0", "1", "127", "128", "255", "256", "65535", "65536", "4294967295", "4294967296", "9007199254740991", "9223372036854775807",
             "-1", "-32", "-33", "-128", "-129", "-32768", "-32769", "-2147483648", "-2147483649", "-9007199254740991", "-9223372036854775808"])
        {
            yield return ($"integer {number}", WireCase.Of(BuiltInSerializers.Int64, long.Parse(number, CultureInfo.InvariantCulture)));
        }

        yield return ("integer 18446744073709551615", WireCase.Of(BuiltInSerializers.UInt64, ulong.MaxValue));
        yield return ("double 0.5", WireCase.Of(BuiltInSerializers.Double, 0.5));
        yield return ("double -1.5", WireCase.Of(BuiltInSerializers.Double, -1.5));
        yield return ("double 1e+300", WireCase.Of(BuiltInSerializers.Double, 1e300));
        yield return ("double 5e-324", WireCase.Of(BuiltInSerializers.Double, double.Epsilon));
        foreach (string text in (string[])["", "a", "ä€😀"])
        {
            yield return ($"text {text}", WireCase.Of(BuiltInSerializers.String, text));
        }

        foreach (int length in (int[])[31, 32, 255, 256, 300])
        {
            yield return ($"text of {length}", WireCase.Of(BuiltInSerializers.String, new string('a', length)));
        }

        foreach (int length in (int[])[0, 1, 255, 256])
        {
            yield return ($"bytes of {length}", WireCase.Of(BuiltInSerializers.Bytes, Counting(length)));
        }

        foreach (int length in (int[])[0, 1, 15, 16, 300])
        {
            yield return ($"array of {length}", WireCase.Of(BuiltInSerializers.Body, MessageBody.Array([.. Enumerable.Range(0, length).Select(i => (MessageBody)i)])));
        }

        foreach (int length in (int[])[0, 1, 15, 16])
        {
            yield return ($"map of {length}", WireCase.Of(BuiltInSerializers.Body, MessageBody.Map([.. Enumerable.Range(0, length).Select(i => ($"k{i}", (MessageBody)i))])));
        }

        foreach (int length in (int[])[1, 2, 3, 4, 8, 16, 17, 256])
        {
            yield return ($"extension of {length}", Extension(length));
        }

        yield return ("time epoch", Time(DateTime.UnixEpoch));
        yield return ("time 32", Time(DateTime.UnixEpoch.AddSeconds(1_795_000_000)));
        yield return ("time 64", Time(DateTime.UnixEpoch.AddSeconds(1_795_000_000).AddTicks(1_234_567)));
        yield return ("time 96", Time(DateTime.UnixEpoch.AddMilliseconds(-500)));
        yield return ("time first", Time(DateTime.MinValue));
        yield return ("guid", WireCase.Of(BuiltInSerializers.Guid, Guid.Parse("01234567-89ab-cdef-0123-456789abcdef")));
        yield return ("decimal", WireCase.Of(BuiltInSerializers.Decimal, 12.500m));
        yield return ("uri", WireCase.Of(BuiltInSerializers.Uri, new Uri("https://example.org/a?b=c")));
        yield return ("duration", WireCase.Of(BuiltInSerializers.TimeSpan, TimeSpan.FromHours(1)));
        yield return ("time with offset", WireCase.Of(
            BuiltInSerializers.DateTimeOffset, new DateTimeOffset(DateTime.UnixEpoch.AddSeconds(1_795_000_000).Ticks, TimeSpan.FromMinutes(-90))));
        yield return ("small record", WireCase.Of(new Small(7, "näme", -(1L << 40), 0.25)));
        yield return ("record with null", WireCase.Of(new Nullables(null, null, null, null, null, null, null, null, null, null, null)));
        yield return ("keyed record", WireCase.Of(new Keyed(7, "b") { C = true }));
        yield return ("union", WireCase.Of<Shape>(new Square(2.5)));
        yield return ("nested", WireCase.Of(new ShapeHolder(new Circle(1.5), new Dog { Name = "Rex" }, [new Square(2.5)])));
        yield return ("tree", WireCase.Of(new Tree { Value = 1, Children = [new() { Value = 2 }] }));
        yield return ("tuples", WireCase.Of(new Tuples((1, "a"), (2, "b", Guid.Empty), Tuple.Create(3, "c"), new("d", 4), ((5, 6), [7]), new(8), (1, 2, 3, 4, 5, 6, 7))));
        yield return ("dictionaries", WireCase.Of(new Deep(new() { ["a"] = new() { [1] = [("x", new Point(1, 2)), ("y", null)] } }, [[[1], []], []])));
        yield return ("binary members", WireCase.Of(new Bytes([1, 2], Memory<byte>.Empty, new byte[] { 3 }, null)));
        yield return ("foreign map", WireCase.Of(new HoldsForeign(
            new ForeignArray { A = 1, B = "b", Map = new ForeignMap(2, null) { Numbers = [3] } }, new ForeignTwo("t"), new ForeignNamed { X = 4, Y = 5 })));
    }

    private static WireCase Time(DateTime value) => WireCase.Of(BuiltInSerializers.DateTime, value);

    private static WireCase Extension(int length)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteExtension(5, Counting(length));
        writer.Flush();
        return WireCase.Of(BuiltInSerializers.Body, MessageBody.Parse(output.WrittenSpan));
    }

    private static byte[] Counting(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];
}
