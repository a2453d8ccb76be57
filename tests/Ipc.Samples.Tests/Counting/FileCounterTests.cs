using System.Security.Cryptography;
using System.Text;
using TextStats.Counting;

namespace Ipc.Samples.Tests.Counting;

/// <summary>The counting core of TextStats against the machine's own <c>wc</c> and <c>sha256sum</c>.</summary>
public sealed class FileCounterTests
{
    /// <summary>Inputs that counters get wrong, by name.</summary>
    public static TheoryData<string> NastyInputs => [.. Inputs.Keys];

    private static Dictionary<string, byte[]> Inputs { get; } = new()
    {
        ["empty file"] = [],
        ["no newline at the end"] = "one two"u8.ToArray(),
        ["newlines only"] = "\n\n\n"u8.ToArray(),
        ["CRLF"] = "one two\r\nthree\r\n\r\n"u8.ToArray(),
        ["every kind of white space"] = "a\tb\vc\fd\re f\n"u8.ToArray(),
        ["NUL bytes between words"] = "one\0two \0 three\0\n"u8.ToArray(),
        ["NUL bytes only"] = new byte[100_000],
        ["invalid UTF-8"] = [0xFF, 0xFE, (byte)' ', (byte)'a', 0xC3, (byte)'\n', 0x80, (byte)'b', 0xF0, 0x9F],
        ["no-break space and other Unicode spaces"] = Encoding.UTF8.GetBytes("a\u00A0b \u2003 c\u3000d\u0085e\n"),
        ["words beyond ASCII"] = Encoding.UTF8.GetBytes("größe ä 日本語 🚀 e\n"),
        ["one huge line"] = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("word ", 1_000_000))),
        ["one huge word"] = Encoding.ASCII.GetBytes(new string('x', 3_000_001)),
        ["a word and a newline on each side of a block"] = Encoding.ASCII.GetBytes(new string('x', (128 * 1024) - 1) + "yz\n" + new string(' ', 128 * 1024) + "\nq"),
        ["all bytes"] = [.. Enumerable.Range(0, 256).Select(b => (byte)b)],
        ["all pairs of bytes"] = [.. Enumerable.Range(0, 65536).SelectMany(pair => new[] { (byte)(pair >> 8), (byte)pair })],
    };

    [Theory]
    [MemberData(nameof(NastyInputs))]
    public async Task Lines_words_and_bytes_are_those_of_wc(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("input", Inputs[name]);

        FileCount count = FileCounter.Count(path, tally: null, CancellationToken.None);

        (long lines, long words, long bytes) = await Wc.CountAsync(path);
        Assert.Equal((lines, bytes), (count.Lines, count.Bytes));
        if (!await Wc.CountsControlBytesAsWordAsync() || Inputs[name].All(IsSpaceOrPrintable))
        {
            Assert.Equal(words, count.Words);
        }
    }

    [Fact]
    public async Task Random_bytes_count_as_wc_counts_them()
    {
        using var folder = new TemporaryFolder();
        bool newRule = await Wc.CountsControlBytesAsWordAsync();
        var random = new Random(20261120);
        for (int round = 0; round < 20; round++)
        {
            byte[] alphabet = newRule ? " \t\n\v\f\rabc!~"u8.ToArray() : [.. " \n\tab\0\u0001\u007F"u8, 0x80, 0xFF, 0xA0];
            byte[] input = random.GetItems(alphabet, random.Next(1, 400_000));
            string path = folder.Write("input", input);

            FileCount count = FileCounter.Count(path, tally: null, CancellationToken.None);

            Assert.Equal(await Wc.CountAsync(path), (count.Lines, count.Words, count.Bytes));
        }
    }

    [Fact]
    public void Counts_do_not_depend_on_how_the_bytes_arrive()
    {
        byte[] input = Inputs["all pairs of bytes"];
        FileCount whole = FileCounter.Count(new MemoryStream(input), tally: null, CancellationToken.None);

        FileCount trickled = FileCounter.Count(new TricklingStream(input), tally: null, CancellationToken.None);

        Assert.Equal((whole.Lines, whole.Words, whole.Bytes), (trickled.Lines, trickled.Words, trickled.Bytes));
        Assert.Equal(whole.Sha256, trickled.Sha256);
    }

    [Theory]
    [MemberData(nameof(NastyInputs))]
    public void The_hash_is_SHA_256_of_the_content(string name)
    {
        FileCount count = FileCounter.Count(new MemoryStream(Inputs[name]), tally: null, CancellationToken.None);

        Assert.Equal(SHA256.HashData(Inputs[name]), count.Sha256);
    }

    [Fact]
    public void A_cancelled_count_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => FileCounter.Count(new MemoryStream([1]), tally: null, cancelled.Token));
    }

    private static bool IsSpaceOrPrintable(byte b) => b is (>= 9 and <= 13) or (>= 32 and < 127);

    /// <summary>Gives one to three bytes at a time.</summary>
    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1 + (int)(Position % 3)));
    }
}
