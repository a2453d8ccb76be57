using System.Buffers;
using Ipc.Serialization;

namespace Ipc.Abstractions.Tests.Serialization;

/// <summary>The writer gives the smallest encoding of the specification at every boundary.</summary>
public class MessagePackWriterTests
{
    [Theory]
    [InlineData(0L, "00")]
    [InlineData(127L, "7F")]
    [InlineData(128L, "CC80")]
    [InlineData(255L, "CCFF")]
    [InlineData(256L, "CD0100")]
    [InlineData(65535L, "CDFFFF")]
    [InlineData(65536L, "CE00010000")]
    [InlineData(4294967295L, "CEFFFFFFFF")]
    [InlineData(4294967296L, "CF0000000100000000")]
    [InlineData(long.MaxValue, "CF7FFFFFFFFFFFFFFF")]
    [InlineData(-1L, "FF")]
    [InlineData(-32L, "E0")]
    [InlineData(-33L, "D0DF")]
    [InlineData(-128L, "D080")]
    [InlineData(-129L, "D1FF7F")]
    [InlineData(-32768L, "D18000")]
    [InlineData(-32769L, "D2FFFF7FFF")]
    [InlineData(-2147483648L, "D280000000")]
    [InlineData(-2147483649L, "D3FFFFFFFF7FFFFFFF")]
    [InlineData(long.MinValue, "D38000000000000000")]
    public void Whole_numbers_take_the_fewest_bytes(long value, string hex)
    {
        Assert.Equal(hex, Pack.Hex((ref w) => w.Write(value)));
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Assert.Equal(hex, Pack.Hex((ref w) => w.Write((int)value)));
            Assert.Equal((int)value, Pack.Read(hex, (ref r) => r.ReadInt32()));
        }

        if (value is >= short.MinValue and <= short.MaxValue)
        {
            Assert.Equal(hex, Pack.Hex((ref w) => w.Write((short)value)));
            Assert.Equal((short)value, Pack.Read(hex, (ref r) => r.ReadInt16()));
        }

        if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            Assert.Equal(hex, Pack.Hex((ref w) => w.Write((sbyte)value)));
            Assert.Equal((sbyte)value, Pack.Read(hex, (ref r) => r.ReadSByte()));
        }

        if (value >= 0)
        {
            Assert.Equal(hex, Pack.Hex((ref w) => w.Write((ulong)value)));
            Assert.Equal((ulong)value, Pack.Read(hex, (ref r) => r.ReadUInt64()));
        }

        if (value is >= 0 and <= uint.MaxValue)
        {
            Assert.Equal(hex, Pack.Hex((ref w) => w.Write((uint)value)));
            Assert.Equal((uint)value, Pack.Read(hex, (ref r) => r.ReadUInt32()));
        }

        if (value is >= 0 and <= ushort.MaxValue)
        {
            Assert.Equal(hex, Pack.Hex((ref w) => w.Write((ushort)value)));
            Assert.Equal(hex, Pack.Hex((ref w) => w.Write((char)value)));
            Assert.Equal((char)value, Pack.Read(hex, (ref r) => r.ReadChar()));
        }

        Assert.Equal(value, Pack.Read(hex, (ref r) => r.ReadInt64()));
    }

    [Fact]
    public void The_largest_number_without_sign_is_written_and_read()
    {
        Assert.Equal("CFFFFFFFFFFFFFFFFF", Pack.Hex((ref w) => w.Write(ulong.MaxValue)));
        Assert.Equal(ulong.MaxValue, Pack.Read("CFFFFFFFFFFFFFFFFF", (ref r) => r.ReadUInt64()));
        Assert.Equal(byte.MaxValue, Pack.Read("CCFF", (ref r) => r.ReadByte()));
    }

    [Theory]
    [InlineData(0, "A0")]
    [InlineData(31, "BF")]
    [InlineData(32, "D920")]
    [InlineData(255, "D9FF")]
    [InlineData(256, "DA0100")]
    [InlineData(257, "DA0101")]
    [InlineData(65535, "DAFFFF")]
    [InlineData(65536, "DB00010000")]
    public void Text_has_the_smallest_header(int length, string header)
    {
        string text = new('a', length);
        string hex = Pack.Hex((ref w) => w.Write(text));
        Assert.StartsWith(header, hex, StringComparison.Ordinal);
        Assert.Equal((header.Length / 2) + length, hex.Length / 2);
        Assert.Equal(text, Pack.Read(hex, (ref r) => r.ReadString()));
    }

    [Theory]
    [InlineData("ä", 15, "BE")]
    [InlineData("ä", 16, "D920")]
    [InlineData("€", 10, "BE")]
    [InlineData("€", 11, "D921")]
    [InlineData("😀", 63, "D9FC")]
    [InlineData("😀", 64, "DA0100")]
    [InlineData("€", 90, "DA010E")]
    public void The_header_of_text_counts_bytes_not_characters(string unit, int times, string header)
    {
        string text = string.Concat(Enumerable.Repeat(unit, times));
        string hex = Pack.Hex((ref w) => w.Write(text));
        Assert.StartsWith(header, hex, StringComparison.Ordinal);
        Assert.Equal(text, Pack.Read(hex, (ref r) => r.ReadString()));
    }

    [Fact]
    public void A_long_text_of_pairs_is_not_torn()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("😀", 40_000));
        byte[] bytes = Pack.Write((ref w) => w.Write(text));
        Assert.Equal(text, Pack.Read(bytes, (ref r) => r.ReadString()));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_becomes_the_replacement_character()
    {
        Assert.Equal("A5EFBFBD2162", Pack.Hex((ref w) => w.Write("\ud83d!b")));
        string text = new string('a', 300) + "\ud83d";
        Assert.Equal(new string('a', 300) + "\ufffd", Pack.Read(Pack.Write((ref w) => w.Write(text)), (ref r) => r.ReadString()));
    }

    [Theory]
    [InlineData(0, "C400")]
    [InlineData(255, "C4FF")]
    [InlineData(256, "C50100")]
    [InlineData(65536, "C600010000")]
    public void Bytes_have_the_smallest_header(int length, string header)
    {
        byte[] bytes = new byte[length];
        string hex = Pack.Hex((ref w) => w.WriteBinary(bytes));
        Assert.StartsWith(header, hex, StringComparison.Ordinal);
        Assert.Equal(bytes, Pack.Read(hex, (ref r) => r.ReadBytes()));
    }

    [Theory]
    [InlineData(15, "9F", "8F")]
    [InlineData(16, "DC0010", "DE0010")]
    [InlineData(65535, "DCFFFF", "DEFFFF")]
    [InlineData(65536, "DD00010000", "DF00010000")]
    public void Arrays_and_maps_have_the_smallest_header(int count, string array, string map)
    {
        Assert.Equal(array, Pack.Hex((ref w) => w.WriteArrayHeader(count)));
        Assert.Equal(map, Pack.Hex((ref w) => w.WriteMapHeader(count)));
    }

    [Theory]
    [InlineData(1, "D405")]
    [InlineData(2, "D505")]
    [InlineData(4, "D605")]
    [InlineData(8, "D705")]
    [InlineData(16, "D805")]
    [InlineData(0, "C70005")]
    [InlineData(3, "C70305")]
    [InlineData(17, "C71105")]
    [InlineData(256, "C8010005")]
    [InlineData(65536, "C90001000005")]
    public void Extensions_have_the_smallest_header(int length, string header)
    {
        byte[] data = new byte[length];
        string hex = Pack.Hex((ref w) => w.WriteExtension(5, data));
        Assert.StartsWith(header, hex, StringComparison.Ordinal);
        Assert.Equal(length, Pack.Read(hex, (ref r) => r.ReadExtension(out sbyte type).Length + type) - 5);
    }

    [Fact]
    public void Floats_nil_and_booleans_are_written_as_specified()
    {
        Assert.Equal("CA3FC00000", Pack.Hex((ref w) => w.Write(1.5f)));
        Assert.Equal("CB3FF8000000000000", Pack.Hex((ref w) => w.Write(1.5)));
        Assert.Equal("CA3F000000", Pack.Hex((ref w) => w.Write((Half)0.5f)));
        Assert.Equal("C0C3C2", Pack.Hex((ref w) =>
        {
            w.WriteNil();
            w.Write(true);
            w.Write(false);
        }));
    }

    [Fact]
    public void Values_of_dotnet_have_the_formats_of_MessagePack_CSharp()
    {
        Assert.Equal("A631322E353030", Pack.Hex((ref w) => w.Write(12.500m)));
        Assert.Equal("D924" + Convert.ToHexString("01234567-89ab-cdef-0123-456789abcdef"u8), Pack.Hex((ref w) => w.Write(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"))));
        Assert.Equal("CE00989680", Pack.Hex((ref w) => w.Write(TimeSpan.FromSeconds(1))));
        Assert.Equal("A3612F62", Pack.Hex((ref w) => w.Write(new Uri("a/b", UriKind.Relative))));
        Assert.Equal("A22D37", Pack.Hex((ref w) => w.Write((Int128)(-7))));
        Assert.Equal("CE000B4A63", Pack.Hex((ref w) => w.Write(new DateOnly(2026, 11, 20))));
        Assert.Equal("64", Pack.Hex((ref w) => w.Write(new TimeOnly(100))));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", "D6FF00000000")]
    [InlineData("2106-02-07T06:28:15Z", "D6FFFFFFFFFF")]
    [InlineData("2106-02-07T06:28:16Z", "D7FF0000000100000000")]
    [InlineData("1970-01-01T00:00:00.0000001Z", "D7FF0000019000000000")]
    [InlineData("2514-05-30T01:53:03Z", "D7FF00000003FFFFFFFF")]
    [InlineData("2514-05-30T01:53:04Z", "C70CFF000000000000000400000000")]
    [InlineData("1969-12-31T23:59:59.5Z", "C70CFF1DCD6500FFFFFFFFFFFFFFFF")]
    [InlineData("0001-01-01T00:00:00Z", "C70CFF00000000FFFFFFF1886E0900")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "C70CFF3B9AC99C0000003AFFF4417F")]
    public void Times_take_the_smallest_timestamp(string text, string hex)
    {
        DateTime time = DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal);
        Assert.Equal(hex, Pack.Hex((ref w) => w.Write(time)));
        DateTime back = Pack.Read(hex, (ref r) => r.ReadDateTime());
        Assert.Equal((time, DateTimeKind.Utc), (back, back.Kind));
    }

    [Fact]
    public void A_time_with_offset_keeps_clock_and_offset()
    {
        var time = new DateTimeOffset(1970, 1, 1, 0, 0, 1, TimeSpan.FromHours(-3.5));
        string hex = Pack.Hex((ref w) => w.Write(time));
        Assert.Equal("92D6FF00000001D1FF2E", hex);
        DateTimeOffset back = Pack.Read(hex, (ref r) => r.ReadDateTimeOffset());
        Assert.True(back.EqualsExact(time));
    }

    [Fact]
    public void Any_output_that_gives_what_it_is_asked_for_is_enough()
    {
        var output = new TrickleBufferWriter();
        var writer = new MessagePackWriter(output);
        string text = string.Concat(Enumerable.Repeat("aß€😀", 5_000));
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];
        Everything(ref writer, text, bytes);
        writer.Flush();
        Assert.Equal(Pack.Write((ref w) => Everything(ref w, text, bytes)), output.Written);
        Assert.True(output.Largest <= 64 * 1024, $"{output.Largest} bytes were asked for at once.");
    }

    private static void Everything(ref MessagePackWriter writer, string text, byte[] bytes)
    {
        writer.WriteArrayHeader(12);
        writer.Write(int.MinValue);
        writer.Write(5);
        writer.Write(ulong.MaxValue);
        writer.Write(1.5f);
        writer.Write(1.5);
        writer.Write("short");
        writer.Write(text);
        writer.WriteBinary(bytes);
        writer.Write(Guid.Empty);
        writer.Write(DateTime.MinValue);
        writer.Write(decimal.MinValue);
        writer.WriteExtension(3, bytes);
    }

    [Fact]
    public void An_output_that_gives_too_little_is_named()
    {
        Assert.Contains("buffer writer", Assert.Throws<InvalidOperationException>(() =>
        {
            var writer = new MessagePackWriter(new Stingy());
            writer.Write(1.5);
        }).Message, StringComparison.Ordinal);
    }

    private sealed class Stingy : IBufferWriter<byte>
    {
        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => new byte[1];

        public Span<byte> GetSpan(int sizeHint = 0) => new byte[1];
    }
}
