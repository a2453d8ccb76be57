namespace Ipc.Fuzz.Tests;

/// <summary>Coverage guides the chance to where chance alone does not come.</summary>
public sealed class GuideTests
{
    private const int Runs = 100_000;
    private static readonly byte[] Word = "ring"u8.ToArray();

    [Fact]
    public void A_guided_run_finds_a_word_that_as_many_unguided_runs_do_not()
    {
        Assert.Equal(Word.Length, Longest(isGuided: true));
        Assert.InRange(Longest(isGuided: false), 0, Word.Length - 1);
    }

    [Fact]
    public void A_tape_that_makes_a_target_throw_makes_it_throw_again()
    {
        byte[] map = new byte[64];
        var guide = new Guide(map, seed: 7);

        Assert.Throws<FormatException>(() => guide.Run(garbage => Target(garbage, map), () => true));

        Assert.Throws<FormatException>(() => Target(new Garbage(new Tape(guide.Current)), map));

        static void Target(Garbage garbage, byte[] map)
        {
            map[0]++;
            if (garbage.Random.Next(1000) == 999)
            {
                throw new FormatException();
            }
        }
    }

    [Fact]
    public void A_tape_gives_every_number_in_the_range_and_zeros_behind_its_end()
    {
        var tape = new Tape([0xFF, 3, 0x34, 0x12, 1, 2, 3, 4, 5, 6, 7, 8, 0xFF]);

        Assert.Equal(255, tape.Next(256));
        Assert.Equal(1, tape.Next(-2, 2));
        Assert.Equal(0x1234, tape.Next(0x10000));
        Assert.Equal(0x0807060504030201 >> 1, tape.NextInt64());
        Assert.Equal(255 % 10, tape.Next(10));
        Assert.Equal(0, tape.Next(10));
        Assert.Equal(0d, tape.NextDouble());
        Assert.Equal(13, tape.Position);
    }

    /// <summary>How many letters of the word were found in a row: each one is a branch that the map tells of.</summary>
    private static int Longest(bool isGuided)
    {
        byte[] map = new byte[64];
        var guide = new Guide(map, seed: 7, longest: 16);
        int longest = 0;
        guide.Run(
            garbage =>
            {
                int found = 0;
                while (found < Word.Length && garbage.Random.Next(256) == Word[found])
                {
                    map[found++]++;
                }

                longest = Math.Max(longest, found);
            },
            () => guide.Runs < Runs,
            isGuided);
        return longest;
    }
}
