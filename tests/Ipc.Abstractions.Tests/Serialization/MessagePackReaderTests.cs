using Ipc.Serialization;

namespace Ipc.Abstractions.Tests.Serialization;

/// <summary>The reader accepts every legal encoding and refuses everything else with one exception.</summary>
public class MessagePackReaderTests
{
    [Theory]
    [InlineData("05")]
    [InlineData("CC05")]
    [InlineData("CD0005")]
    [InlineData("CE00000005")]
    [InlineData("CF0000000000000005")]
    [InlineData("D005")]
    [InlineData("D10005")]
    [InlineData("D200000005")]
    [InlineData("D30000000000000005")]
    public void A_number_is_read_from_any_size(string hex)
    {
        Assert.Equal(5, Pack.Read(hex, (ref r) => r.ReadByte()));
        Assert.Equal(5, Pack.Read(hex, (ref r) => r.ReadSByte()));
        Assert.Equal(5, Pack.Read(hex, (ref r) => r.ReadInt16()));
        Assert.Equal(5, Pack.Read(hex, (ref r) => r.ReadUInt16()));
        Assert.Equal(5, Pack.Read(hex, (ref r) => r.ReadInt32()));
        Assert.Equal(5u, Pack.Read(hex, (ref r) => r.ReadUInt32()));
        Assert.Equal(5L, Pack.Read(hex, (ref r) => r.ReadInt64()));
        Assert.Equal(5UL, Pack.Read(hex, (ref r) => r.ReadUInt64()));
        Assert.Equal(5.0, Pack.Read(hex, (ref r) => r.ReadDouble()));
        Assert.Equal(5f, Pack.Read(hex, (ref r) => r.ReadSingle()));
        Assert.Equal(5m, Pack.Read(hex, (ref r) => r.ReadDecimal()));
        Assert.Equal((Int128)5, Pack.Read(hex, (ref r) => r.ReadInt128()));
        Assert.Equal((UInt128)5, Pack.Read(hex, (ref r) => r.ReadUInt128()));
    }

    [Fact]
    public void A_number_that_does_not_fit_is_refused()
    {
        Pack.Refused("CD0100", (ref r) => r.ReadByte());
        Pack.Refused("FF", (ref r) => r.ReadByte());
        Pack.Refused("CC80", (ref r) => r.ReadSByte());
        Pack.Refused("CD8000", (ref r) => r.ReadInt16());
        Pack.Refused("CE00010000", (ref r) => r.ReadUInt16());
        Pack.Refused("CE80000000", (ref r) => r.ReadInt32());
        Pack.Refused("CF0000000100000000", (ref r) => r.ReadUInt32());
        Pack.Refused("CF8000000000000000", (ref r) => r.ReadInt64());
        Pack.Refused("D0FF", (ref r) => r.ReadUInt64());
        Pack.Refused("CB7FF0000000000000", (ref r) => r.ReadDecimal());
        Pack.Refused("CB7FF8000000000000", (ref r) => r.ReadDecimal());
        Pack.Refused("CB47F0000000000000", (ref r) => r.ReadDecimal());
    }

    [Theory]
    [InlineData("")]
    [InlineData("C1")]
    [InlineData("CC")]
    [InlineData("CD00")]
    [InlineData("D3000000")]
    [InlineData("CB00")]
    [InlineData("CA000000")]
    [InlineData("A161")]
    [InlineData("90")]
    [InlineData("C0")]
    public void What_is_not_a_whole_number_is_refused(string hex)
    {
        Pack.Refused(hex, (ref r) => r.ReadInt32());
        Pack.Refused(hex, (ref r) => r.ReadInt64());
        Pack.Refused(hex, (ref r) => r.ReadUInt64());
        Pack.Refused(hex, (ref r) => r.ReadByte());
    }

    [Theory]
    [InlineData("A5616263")]
    [InlineData("D9FF61")]
    [InlineData("D9")]
    [InlineData("DAFFFF61")]
    [InlineData("DBFFFFFFFF61")]
    [InlineData("DB7FFFFFFF")]
    [InlineData("A1FF")]
    [InlineData("A2C328")]
    [InlineData("A3EDA080")]
    [InlineData("01")]
    public void Bad_text_is_refused(string hex) => Pack.Refused(hex, (ref r) => r.ReadString());

    [Theory]
    [InlineData("C4")]
    [InlineData("C40201")]
    [InlineData("C5FFFF00")]
    [InlineData("C6FFFFFFFF")]
    [InlineData("A161")]
    public void Bad_bytes_are_refused(string hex) => Pack.Refused(hex, (ref r) => r.ReadBytes());

    [Theory]
    [InlineData("91")]
    [InlineData("9F01")]
    [InlineData("DCFFFF")]
    [InlineData("DDFFFFFFFF")]
    [InlineData("DD7FFFFFFF")]
    [InlineData("80")]
    public void An_array_may_not_claim_more_than_the_message_has_bytes(string hex)
    {
        MessageFormatException error = Pack.Refused(hex, (ref r) =>
        {
            int count = r.ReadArrayHeader();
            for (int i = 0; i < count; i++)
            {
                r.Skip();
            }

            return count;
        });
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void Nested_arrays_together_may_not_claim_more_than_the_message_has_bytes()
    {
        // Each header alone could be true of the bytes that follow it; all together cannot.
        Pack.Refused("94DC0004DC0004DC000400000000000000000000", (ref r) =>
        {
            r.ReadArrayHeader();
            int total = r.ReadArrayHeader() + r.ReadArrayHeader() + r.ReadArrayHeader();
            total += r.ReadArrayHeader();
            return total;
        });
        var reader = new MessagePackReader(Convert.FromHexString("DC000CDC000CDC000C0000000000000000000000000000"));
        reader.ReadArrayHeader();
        try
        {
            reader.ReadArrayHeader();
            Assert.Fail("The second claim was believed.");
        }
        catch (MessageFormatException e)
        {
            Assert.Contains("claims 12 elements", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_map_claims_two_values_a_pair()
    {
        Pack.Refused("DE000400000000", (ref r) => r.ReadMapHeader());
        Assert.Equal(1, Pack.Read("8101A161", (ref r) =>
        {
            int count = r.ReadMapHeader();
            Assert.Equal(1, r.ReadInt32());
            Assert.Equal("a", r.ReadString());
            return count;
        }));
    }

    [Fact]
    public void Every_value_is_passed_over_whole()
    {
        byte[] bytes = Convert.FromHexString(
            "DC0017" + "C0C2C3" + "7FE0CCFFCDFFFFCEFFFFFFFFCFFFFFFFFFFFFFFFFF" + "D0FFD1FFFFD2FFFFFFFFD3FFFFFFFFFFFFFFFF" + "CAFFFFFFFFCBFFFFFFFFFFFFFFFF"
            + "A161D90161" + "C40101" + "920102" + "810102" + "D40101" + "C7030102" + "0304" + "C0");
        Pack.Read(bytes, (ref r) =>
        {
            r.Skip();
            return 0;
        });
    }

    [Fact]
    public void Nesting_is_limited_and_the_stack_is_safe()
    {
        byte[] deep = Enumerable.Repeat((byte)0x91, 100_000).Append((byte)0xC0).ToArray();
        Assert.Contains("64 levels", Assert.Throws<MessageFormatException>(() => MessageBody.Parse(deep)).Message, StringComparison.Ordinal);
        byte[] maps = Enumerable.Repeat(new byte[] { 0x81, 0xC0 }, 100_000).SelectMany(pair => pair).Append((byte)0xC0).ToArray();
        Assert.Throws<MessageFormatException>(() => MessageBody.Parse(maps));
        byte[] legal = Enumerable.Repeat((byte)0x91, 64).Append((byte)0xC0).ToArray();
        Assert.Equal(MessagePackKind.Array, MessageBody.Parse(legal).Kind);
        Assert.Throws<MessageFormatException>(() => MessageBody.Parse([0x91, .. legal]));
        var reader = new MessagePackReader(Enumerable.Repeat((byte)0x91, 512).Append((byte)0xC0).ToArray(), maximumDepth: 512);
        reader.Skip();
        Assert.True(reader.End);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessagePackReader(default, 513));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessagePackReader(default, 0));
    }

    [Theory]
    [InlineData("D6FE00000000")]
    [InlineData("D5FF0000")]
    [InlineData("D7FFFFFFFFFFFFFFFFFF")]
    [InlineData("C70CFF00000000FFFFFFF1886E08FF")]
    [InlineData("C70CFF000000000000003AFFF44180")]
    [InlineData("C70CFF3B9ACA000000000000000000")]
    [InlineData("C70CFF000000007FFFFFFFFFFFFFFF")]
    [InlineData("D6FF0000")]
    [InlineData("00")]
    public void Times_that_do_not_exist_are_refused(string hex) => Pack.Refused(hex, (ref r) => r.ReadDateTime());

    [Theory]
    [InlineData("92D6FF00000000CD0349")]
    [InlineData("92D6FF00000000D1FCB7")]
    [InlineData("91D6FF00000000")]
    [InlineData("93D6FF000000000000")]
    [InlineData("92C70CFF00000000FFFFFFF1886E090001")]
    public void Times_with_offsets_that_do_not_exist_are_refused(string hex) => Pack.Refused(hex, (ref r) => r.ReadDateTimeOffset());

    [Fact]
    public void A_bare_timestamp_is_a_time_with_offset_zero() =>
        Assert.Equal(DateTimeOffset.UnixEpoch, Pack.Read("D6FF00000000", (ref r) => r.ReadDateTimeOffset()));

    [Theory]
    [InlineData("A161")]
    [InlineData("D92430313233343536372D383961622D636465662D303132332D343536373839616263646567")]
    [InlineData("D92430313233343536372D383961622D636465662D303132332D3435363738396162636465")]
    [InlineData("C0")]
    public void Bad_guids_are_refused(string hex) => Pack.Refused(hex, (ref r) => r.ReadGuid());

    [Fact]
    public void Bad_texts_of_numbers_dates_and_addresses_are_refused()
    {
        Pack.Refused("A3312C32", (ref r) => r.ReadDecimal());
        Pack.Refused("A131" + "00", (ref r) => r.ReadDecimal() + r.ReadGuid().GetHashCode());
        Pack.Refused("A22D31", (ref r) => r.ReadUInt128());
        Pack.Refused("A0", (ref r) => r.ReadInt128());
        Pack.Refused("FF", (ref r) => r.ReadDateOnly());
        Pack.Refused("CE7FFFFFFF", (ref r) => r.ReadDateOnly());
        Pack.Refused("FF", (ref r) => r.ReadTimeOnly());
        Pack.Refused("CF000000C92A69C000", (ref r) => r.ReadTimeOnly());
        Pack.Refused("A9687474703A2F2F3A2F", (ref r) => r.ReadUri());
    }

    [Fact]
    public void Nil_is_null_where_null_exists_and_refused_elsewhere()
    {
        Assert.Null(Pack.Read("C0", (ref r) => r.ReadString()));
        Assert.Null(Pack.Read("C0", (ref r) => r.ReadBytes()));
        Assert.Null(Pack.Read("C0", (ref r) => r.ReadUri()));
        Pack.Refused("C0", (ref r) => r.ReadBoolean());
        Pack.Refused("C0", (ref r) => r.ReadDouble());
        Pack.Refused("C0", (ref r) => r.ReadArrayHeader());
    }

    [Fact]
    public void Kinds_are_told_before_reading()
    {
        (string Hex, MessagePackKind Kind)[] all =
        [
            ("", MessagePackKind.Invalid), ("C1", MessagePackKind.Invalid), ("C0", MessagePackKind.Nil), ("C2", MessagePackKind.Boolean), ("00", MessagePackKind.Integer),
            ("E0", MessagePackKind.Integer), ("D3", MessagePackKind.Integer), ("CF", MessagePackKind.Integer), ("CA", MessagePackKind.Float), ("CB", MessagePackKind.Float),
            ("A0", MessagePackKind.String), ("BF", MessagePackKind.String), ("D9", MessagePackKind.String), ("DB", MessagePackKind.String), ("C4", MessagePackKind.Binary),
            ("C6", MessagePackKind.Binary), ("90", MessagePackKind.Array), ("DD", MessagePackKind.Array), ("80", MessagePackKind.Map), ("DF", MessagePackKind.Map),
            ("C7", MessagePackKind.Extension), ("D4", MessagePackKind.Extension), ("D8", MessagePackKind.Extension),
        ];
        Assert.All(all, pair => Assert.Equal(pair.Kind, new MessagePackReader(Convert.FromHexString(pair.Hex)).NextKind));
    }
}
