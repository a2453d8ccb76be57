using System.Text;
using TextStats.Counting;

namespace Ipc.Samples.Tests.Counting;

/// <summary>The table of frequent words.</summary>
public sealed class WordTallyTests
{
    [Fact]
    public void Letters_make_words_and_their_case_does_not_matter()
    {
        Assert.Equal(
            new Dictionary<string, long> { ["the"] = 3, ["cat"] = 1, ["return"] = 1, ["größe"] = 1 },
            Count("The cat; THE the return(1) größe a"u8.ToArray()));
    }

    [Fact]
    public void Data_that_only_looks_like_letters_is_no_word()
    {
        byte[] notText = [(byte)'a', 0xFF, 0xFE, (byte)'b', (byte)' '];
        byte[] tooLong = Encoding.ASCII.GetBytes(new string('x', WordTally.MaxWordLength + 1) + " ");
        byte[] longest = Encoding.ASCII.GetBytes(new string('y', WordTally.MaxWordLength));

        Assert.Equal([new string('y', WordTally.MaxWordLength)], Count([.. notText, .. tooLong, .. longest]).Keys);
    }

    [Fact]
    public void A_word_may_span_blocks_and_stand_at_the_very_end()
    {
        var tally = new WordTally();
        foreach (byte b in "alpha beta alpha"u8.ToArray())
        {
            tally.Add([b]);
        }

        tally.End();

        Assert.Equal(new Dictionary<string, long> { ["alpha"] = 2, ["beta"] = 1 }, tally.Counts.ToDictionary());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_parts_of_a_tally_add_up_to_the_whole(int parts)
    {
        byte[] text = ManyWords(10_000);
        Dictionary<string, long> whole = Count(text);

        var joined = new Dictionary<string, long>();
        for (int part = 0; part < parts; part++)
        {
            foreach ((string word, long count) in Count(text, part, parts))
            {
                joined.Add(word, count);
            }
        }

        Assert.Equal(whole.OrderBy(pair => pair.Key), joined.OrderBy(pair => pair.Key));
        Assert.Equal(10_000, joined.Count);
    }

    [Fact]
    public void Too_many_different_words_are_reported_and_not_half_counted()
    {
        var tally = new WordTally(maxDistinct: 99);
        tally.Add(ManyWords(100));
        tally.End();

        Assert.True(tally.Overflowed);
        Assert.Empty(tally.Counts);
    }

    [Fact]
    public void The_most_frequent_come_first_and_equal_ones_in_order()
    {
        IReadOnlyList<KeyValuePair<string, long>> most = WordTally.MostFrequent(Count("bb aa cc cc dd aa bb cc"u8.ToArray()), 3);

        Assert.Equal(["cc", "aa", "bb"], most.Select(pair => pair.Key));
    }

    private static Dictionary<string, long> Count(byte[] text, int part = 0, int parts = 1)
    {
        var tally = new WordTally(part, parts);
        tally.Add(text);
        tally.End();
        return tally.Counts.ToDictionary();
    }

    private static byte[] ManyWords(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            // Digits are not letters, so each number is spelled in letters.
            foreach (char digit in i.ToString("D6", System.Globalization.CultureInfo.InvariantCulture))
            {
                text.Append((char)('a' + (digit - '0')));
            }

            text.Append(' ');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
