namespace TextStats.Counting;

/// <summary>Orders paths by their UTF-8 bytes, as <c>LC_ALL=C sort</c> does.</summary>
public sealed class PathOrder : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static PathOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x;
        ReadOnlySpan<char> right = y;
        int same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length - right.Length;
        }

        // UTF-16 order is UTF-8 order but for surrogates, which stand for the highest code points.
        return Rank(left[same]) - Rank(right[same]);
    }

    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
