using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace TextStats.Counting;

/// <summary>Counts how often each word of a text occurs, for the table of the most frequent ones.</summary>
/// <remarks>
/// A word is here what a reader would call one: a run of letters (ASCII, without case; beyond ASCII, valid UTF-8 as it stands) of 2 to
/// 64 bytes. A tally can be limited to one part of all words, so that a text with very many different words is counted exactly in several passes of
/// bounded memory.
/// </remarks>
public sealed class WordTally
{
    /// <summary>Longer runs are not words but data.</summary>
    public const int MaxWordLength = 64;

    private readonly Dictionary<byte[], long> _counts = new(WordBytesComparer.Instance);
    private readonly Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly byte[] _pending = new byte[MaxWordLength];
    private readonly int _part;
    private readonly int _parts;
    private readonly int _maxDistinct;
    private int _pendingLength;

    /// <summary>Makes a tally of the words of one part.</summary>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="maxDistinct">At more different words than this the tally gives up, see <see cref="Overflowed"/>.</param>
    public WordTally(int part = 0, int parts = 1, int maxDistinct = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, parts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDistinct);
        _part = part;
        _parts = parts;
        _maxDistinct = maxDistinct;
        _lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Whether there were more different words than the tally may hold. Its counts are then empty.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The words and their counts, in no order.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts =>
        _counts.Select(pair => KeyValuePair.Create(Encoding.UTF8.GetString(pair.Key), pair.Value));

    /// <summary>The most frequent words, the most frequent first, equal ones in ordinal order.</summary>
    public static IReadOnlyList<KeyValuePair<string, long>> MostFrequent(IEnumerable<KeyValuePair<string, long>> counts, int count) =>
        counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(count).ToArray();

    /// <summary>Takes the next block; a word may go on in the block after it.</summary>
    public void Add(ReadOnlySpan<byte> block)
    {
        if (Overflowed)
        {
            return;
        }

        ReadOnlySpan<byte> table = ByteClass.Table;
        Span<byte> pending = _pending;
        int length = _pendingLength;
        foreach (byte b in block)
        {
            if ((table[b] & ByteClass.Letter) != 0)
            {
                if (length < MaxWordLength)
                {
                    pending[length] = b < 0x80 ? (byte)(b | 0x20) : b;
                }

                length++;
            }
            else if (length != 0)
            {
                if (length is > 1 and <= MaxWordLength)
                {
                    Count(pending[..length]);
                }

                length = 0;
            }
        }

        // Only whether it is too long matters of a run that is; without the bound a run of 2 GiB would wrap.
        _pendingLength = Math.Min(length, MaxWordLength + 1);
    }

    /// <summary>Says that the text has ended: a word at its very end counts.</summary>
    public void End()
    {
        if (_pendingLength is > 1 and <= MaxWordLength)
        {
            Count(_pending.AsSpan(0, _pendingLength));
        }

        _pendingLength = 0;
    }

    private void Count(ReadOnlySpan<byte> word)
    {
        if (Overflowed || (_parts > 1 && (uint)WordBytesComparer.Hash(word) % (uint)_parts != (uint)_part))
        {
            return;
        }

        // All bytes from 0x80 count as letters, so a run may be no text at all.
        if (word.ContainsAnyInRange((byte)0x80, (byte)0xFF) && !Utf8.IsValid(word))
        {
            return;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(_lookup, word, out bool exists)++;
        if (!exists && _counts.Count > _maxDistinct)
        {
            Overflowed = true;
            _counts.Clear();
            _counts.TrimExcess();
        }
    }
}
