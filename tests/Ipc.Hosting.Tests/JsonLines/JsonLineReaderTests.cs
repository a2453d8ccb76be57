using System.Text;
using Ipc.JsonLines;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

public sealed class JsonLineReaderTests
{
    [Fact]
    public async Task Lines_come_whole_however_the_stream_is_torn()
    {
        string[] expected = ["{\"a\":\"€𝄞ü\"}", "", new string('x', 40_000), "ä\r", "the rest"];
        byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\n', expected));
        foreach (int size in (int[])[1, 2, 3, 7, 16_384, bytes.Length])
        {
            using var reader = new JsonLineReader(new PiecewiseStream(bytes.Chunk(size)), 1 << 20);
            foreach (string line in expected)
            {
                JsonLine read = await reader.ReadAsync(CancellationToken.None);
                Assert.Equal(JsonLineKind.Line, read.Kind);
                Assert.Equal(line, Encoding.UTF8.GetString(read.Bytes.Span));
            }

            Assert.Equal(JsonLineKind.End, (await reader.ReadAsync(CancellationToken.None)).Kind);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(100_000)]
    public async Task A_line_that_is_too_long_is_told_once_and_passed_over_up_to_its_end(int size)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"{new string('a', 31)}\n{new string('b', 32)}\nshort\n{new string('c', 90_000)}\nlast\n{new string('d', 90_000)}");
        using var reader = new JsonLineReader(new PiecewiseStream(bytes.Chunk(size)), maxLength: 32);
        var seen = new List<string>();
        JsonLine line;
        while ((line = await reader.ReadAsync(CancellationToken.None)).Kind != JsonLineKind.End)
        {
            seen.Add(line.Kind == JsonLineKind.TooLong ? "too long" : Encoding.UTF8.GetString(line.Bytes.Span));
        }

        Assert.Equal([new string('a', 31), "too long", "short", "too long", "last", "too long"], seen);
    }

    [Fact]
    public async Task What_has_been_read_already_comes_first()
    {
        using var reader = new JsonLineReader(new PiecewiseStream(["ond\n"u8.ToArray()]), 1 << 20, "first\nsec"u8);
        Assert.Equal("first", Encoding.UTF8.GetString((await reader.ReadAsync(CancellationToken.None)).Bytes.Span));
        Assert.Equal("second", Encoding.UTF8.GetString((await reader.ReadAsync(CancellationToken.None)).Bytes.Span));
    }

    [Fact]
    public async Task It_is_told_before_the_end_of_the_line_has_come()
    {
        var stream = new PiecewiseStream([new byte[20], new byte[20], new byte[20]]);
        using var reader = new JsonLineReader(stream, maxLength: 32);
        Assert.Equal(JsonLineKind.TooLong, (await reader.ReadAsync(CancellationToken.None)).Kind);
        Assert.Equal(2, stream.Reads);
    }
}
