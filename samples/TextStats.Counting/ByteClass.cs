namespace TextStats.Counting;

/// <summary>What a byte is in the C locale, as <c>wc</c> looks at it, and for the table of frequent words.</summary>
internal static class ByteClass
{
    /// <summary>Printable and not white space: begins or continues a word of <c>wc</c>.</summary>
    public const byte Printable = 1;

    /// <summary>White space: ends a word of <c>wc</c>. Bytes that are neither do not begin a word and do not end one.</summary>
    public const byte Space = 2;

    /// <summary>An ASCII letter, or part of a UTF-8 character beyond ASCII.</summary>
    public const byte Letter = 4;

    /// <summary>The class of each byte.</summary>
    public static ReadOnlySpan<byte> Table => ClassTable;

    private static readonly byte[] ClassTable = MakeTable();

    private static byte[] MakeTable()
    {
        var table = new byte[256];
        for (int b = 0; b < 256; b++)
        {
            bool space = b == ' ' || (b >= '\t' && b <= '\r');
            bool printable = b > ' ' && b < 0x7F;
            bool letter = b >= 0x80 || char.IsAsciiLetter((char)b);
            table[b] = (byte)((space ? Space : 0) | (printable ? Printable : 0) | (letter ? Letter : 0));
        }

        return table;
    }
}
