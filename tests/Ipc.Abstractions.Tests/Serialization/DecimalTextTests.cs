using System.Globalization;
using Ipc.Serialization;

namespace Ipc.Abstractions.Tests.Serialization;

/// <summary>Decimals travel as the text that the framework writes, and are read as it reads them.</summary>
public class DecimalTextTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("0.00")]
    [InlineData("-0.0")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("12.5")]
    [InlineData("12.50")]
    [InlineData("0.05")]
    [InlineData("-0.0000000000000000000000000001")]
    [InlineData("0.0000000000000000001")]
    [InlineData("9999999999999999999")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("7.9228162514264337593543950335")]
    public void A_decimal_is_written_and_read_as_the_framework_does(string text) => Check(decimal.Parse(text, CultureInfo.InvariantCulture));

    [Fact]
    public void Random_decimals_are_written_and_read_as_the_framework_does()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            int words = random.Next(1, 4);
            Check(new decimal(random.Next(-5, int.MaxValue), words > 1 ? random.Next() : 0, words > 2 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(29)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("+5")]
    [InlineData("--5")]
    [InlineData("5.5.5")]
    [InlineData("1e3")]
    [InlineData(" 12 ")]
    [InlineData("1,000")]
    [InlineData("007.50")]
    [InlineData("0000000000000000000000000001")]
    [InlineData("99999999999999999999")]
    [InlineData("1234567890.1234567890")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("12a")]
    [InlineData("a")]
    [InlineData("1-")]
    public void Any_text_is_read_or_refused_as_the_framework_does(string text)
    {
        bool isNumber = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal expected);
        byte[] packed = Pack.Write((ref MessagePackWriter writer) => writer.Write(text));

        if (isNumber)
        {
            Assert.Equal(decimal.GetBits(expected), decimal.GetBits(new MessagePackReader(packed).ReadDecimal()));
        }
        else
        {
            Assert.Throws<MessageFormatException>(() => new MessagePackReader(packed).ReadDecimal());
        }
    }

    private static void Check(decimal value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        byte[] packed = Pack.Write((ref MessagePackWriter writer) => writer.Write(value));

        Assert.Equal(text, new MessagePackReader(packed).ReadString());
        Assert.Equal(decimal.GetBits(decimal.Parse(text, CultureInfo.InvariantCulture)), decimal.GetBits(new MessagePackReader(packed).ReadDecimal()));
    }
}
