using Ipc;

namespace TextStats;

/// <summary>What a worker counted in one file.</summary>
/// <param name="Lines">Newline bytes.</param>
/// <param name="Words">Words as <c>wc</c> counts them.</param>
/// <param name="Bytes">Bytes.</param>
/// <param name="Sha256">SHA-256 of the content.</param>
/// <param name="WordCounts">How often each word of the asked part occurs; empty when there were too many.</param>
/// <param name="TooManyWords">Whether the words have to be asked for in more parts.</param>
/// <param name="Unreadable">Why the file could not be read; the other members mean nothing then.</param>
[Message]
internal sealed partial record CountedFile(
    long Lines, long Words, long Bytes, byte[] Sha256, Dictionary<string, long> WordCounts, bool TooManyWords, string? Unreadable);
