namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>Bytes that foreign implementations wrote once and for all: ours are equal to them, and we read them.</summary>
public class GoldenBytesTests
{
    public static TheoryData<string, string> Lines()
    {
        var data = new TheoryData<string, string>();
        foreach (string file in (string[])[WireFolder.Python, WireFolder.JavaScript])
        {
            foreach ((string name, _) in WireFolder.Golden(file))
            {
                data.Add(file, name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Our_bytes_are_theirs_and_theirs_are_read(string file, string name)
    {
        byte[] theirs = WireFolder.Golden(file).Single(line => line.Name == name).Bytes;
        WireCase ours = WireCases.All[name];
        Assert.Equal(Convert.ToHexString(theirs), Convert.ToHexString(ours.Bytes));
        Assert.Equal(Convert.ToHexString(theirs), Convert.ToHexString(ours.Rewrite(theirs)));
    }

    [Fact]
    public void Every_case_has_been_written_by_Python_and_nearly_every_one_by_JavaScript()
    {
        HashSet<string> python = [.. WireFolder.Golden(WireFolder.Python).Select(line => line.Name)];
        HashSet<string> javaScript = [.. WireFolder.Golden(WireFolder.JavaScript).Select(line => line.Name)];
        Assert.Empty(WireCases.All.Keys.Except(python));
        Assert.Equal(
            ["dictionaries", "double 1e+300", "integer -9223372036854775808", "integer 18446744073709551615", "integer 9223372036854775807", "time 64"],
            WireCases.All.Keys.Except(javaScript).Order(StringComparer.Ordinal));
    }
}
