using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TextStats.Counting;

/// <summary>Adds up the files of a folder, in whatever order their counts arrive. Not safe for several threads at once.</summary>
/// <param name="listing">The folder's files.</param>
public sealed class FolderTotals(FolderListing listing)
{
    private readonly FileCount?[] _counts = new FileCount?[listing.Files.Count];
    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);
    private readonly List<UnreadableEntry> _unreadable = [.. listing.Unreadable];

    /// <summary>Files that were counted.</summary>
    public long Files { get; private set; }

    /// <summary>Newline bytes.</summary>
    public long Lines { get; private set; }

    /// <summary>Words as <c>wc</c> counts them.</summary>
    public long Words { get; private set; }

    /// <summary>Bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Files and folders that could not be read, in <see cref="PathOrder"/>.</summary>
    public IReadOnlyList<UnreadableEntry> Unreadable => _unreadable.OrderBy(entry => entry.Path, PathOrder.Instance).ToArray();

    /// <summary>Counts a folder in this process, file after file.</summary>
    public static FolderTotals CountHere(string folder, CancellationToken cancellationToken)
    {
        FolderListing listing = FolderListing.Of(folder);
        var totals = new FolderTotals(listing);
        for (int i = 0; i < listing.Files.Count; i++)
        {
            try
            {
                // A tally per file: of a file that cannot be read to its end nothing counts.
                var tally = new WordTally();
                totals.Add(i, FileCounter.Count(Path.Combine(folder, listing.Files[i]), tally, cancellationToken));
                totals.AddWords(tally.Counts);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                totals.AddUnreadable(i, e.Message);
            }
        }

        return totals;
    }

    /// <summary>Adds one file.</summary>
    /// <param name="index">Its place in the listing.</param>
    /// <param name="count">What was counted.</param>
    public void Add(int index, FileCount count)
    {
        if (_counts[index] is not null)
        {
            throw new InvalidOperationException($"\"{listing.Files[index]}\" was counted twice.");
        }

        _counts[index] = count;
        Files++;
        Lines += count.Lines;
        Words += count.Words;
        Bytes += count.Bytes;
    }

    /// <summary>Adds words of any file.</summary>
    public void AddWords(IEnumerable<KeyValuePair<string, long>> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        foreach ((string word, long count) in words)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_words, word, out _) += count;
        }
    }

    /// <summary>Notes a file that could not be read.</summary>
    public void AddUnreadable(int index, string reason) => _unreadable.Add(new(listing.Files[index], reason));

    /// <summary>The most frequent words, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> MostFrequentWords(int count) => WordTally.MostFrequent(_words, count);

    /// <summary>SHA-256 over the SHA-256 values (32 bytes each) of the counted files, in path order; lower-case hexadecimal.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (FileCount? count in _counts)
        {
            if (count is not null)
            {
                hash.AppendData(count.Value.Sha256);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Says in which numbers two results differ; empty when they are the same.</summary>
    public IReadOnlyList<string> DifferencesTo(FolderTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var differences = new List<string>();
        Compare("files", Files, other.Files);
        Compare("lines", Lines, other.Lines);
        Compare("words", Words, other.Words);
        Compare("bytes", Bytes, other.Bytes);
        Compare("sha256", Sha256(), other.Sha256());
        Compare("different words", _words.Count, other._words.Count);
        Compare("most frequent words", Show(this), Show(other));
        return differences;

        void Compare<T>(string what, T mine, T its)
        {
            if (!EqualityComparer<T>.Default.Equals(mine, its))
            {
                differences.Add($"{what}: {mine} and {its}");
            }
        }

        static string Show(FolderTotals totals) => string.Join(", ", totals.MostFrequentWords(100).Select(pair => $"{pair.Key} {pair.Value}"));
    }
}
