namespace TextStats.Counting;

/// <summary>What was counted in one file.</summary>
/// <param name="Lines">Newline bytes.</param>
/// <param name="Words">Words as <c>wc</c> counts them.</param>
/// <param name="Bytes">Bytes that were read.</param>
/// <param name="Sha256">SHA-256 of the content, 32 bytes.</param>
public readonly record struct FileCount(long Lines, long Words, long Bytes, byte[] Sha256);
