namespace TextStats.Counting;

/// <summary>Counts lines, words and bytes of a stream of blocks, as GNU <c>wc</c> 9.1 does under <c>LC_ALL=C</c>.</summary>
/// <remarks>
/// A line is a newline byte. A word is a run without white space that holds at least one printable ASCII byte; control bytes and bytes
/// from 0x80 neither begin a word nor end one. (From coreutils 9.5 on they begin one too.)
/// </remarks>
public sealed class WcCounter
{
    private int _inWord;

    /// <summary>Newline bytes so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Words so far.</summary>
    public long Words { get; private set; }

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes the next block; a word may go on in the block after it.</summary>
    public void Add(ReadOnlySpan<byte> block)
    {
        Bytes += block.Length;
        Lines += block.Count((byte)'\n');

        ReadOnlySpan<byte> table = ByteClass.Table;
        int inWord = _inWord;
        long words = 0;
        foreach (byte b in block)
        {
            // Without branches: text makes them unpredictable.
            int kind = table[b];
            int begins = kind & ByteClass.Printable;
            words += begins & ~inWord;
            inWord = (inWord | begins) & ~(kind >> 1);
            inWord &= 1;
        }

        _inWord = inWord;
        Words += words;
    }
}
