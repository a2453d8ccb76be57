namespace Ipc.Contracts;

/// <summary>A part of a signature: a kind and its named parts.</summary>
/// <param name="Kind">For example <c>message</c>, <c>list</c> or <c>int</c>.</param>
/// <param name="Parts">Its parts, in the order of the wire.</param>
internal sealed record SignatureNode(string Kind, IReadOnlyList<(string Name, SignatureNode Node)> Parts)
{
    private const int MaxDepth = 64;

    /// <summary>What lies too deep to be told.</summary>
    private const string Any = "any";

    /// <summary>A result that a caller does not wait for.</summary>
    private const string Nothing = "nothing";

    /// <summary>Reads a signature, from a text that may be anything.</summary>
    /// <returns><see langword="null"/> when it is none.</returns>
    public static SignatureNode? Parse(string text)
    {
        int position = 0;
        return Parse(text, ref position, 0) is { } node && position == text.Length ? node : null;
    }

    /// <summary>Compares a caller's with the other side's. Parts that one side has more at the end are no difference, nor are other names, nor a result that the caller passes over.</summary>
    /// <param name="other">The signature of what is called.</param>
    /// <param name="path">Where this is.</param>
    /// <returns>The first difference in words; <see langword="null"/> when each reads what the other writes.</returns>
    public string? Difference(SignatureNode other, string path)
    {
        if (Kind is Any or Nothing || other.Kind == Any)
        {
            return null;
        }

        if (Kind != other.Kind)
        {
            return $"{path} is {Words} here and {other.Words} there";
        }

        return Kind is "map" or "union" ? DifferenceByName(other, path) : DifferenceByPlace(other, path);
    }

    public override string ToString() => Parts.Count == 0 ? Kind : $"{Kind}({string.Join(",", Parts.Select(part => $"{part.Name}:{part.Node}"))})";

    private string Words => Kind switch
    {
        "list" or "nullable" => $"{Kind} of {Parts[0].Node.Words}",
        _ => Kind,
    };

    private string? DifferenceByName(SignatureNode other, string path) => Parts
        .Select(part => other.Parts.FirstOrDefault(p => p.Name == part.Name) is { Node: { } theirs } ? part.Node.Difference(theirs, $"{path}.{part.Name}") : null)
        .FirstOrDefault(difference => difference is not null);

    private string? DifferenceByPlace(SignatureNode other, string path)
    {
        if (Kind == "tuple" && Parts.Count != other.Parts.Count)
        {
            return $"{path} has {Parts.Count} items here and {other.Parts.Count} there";
        }

        for (int i = 0; i < Math.Min(Parts.Count, other.Parts.Count); i++)
        {
            ((string name, SignatureNode mine), (string otherName, SignatureNode theirs)) = (Parts[i], other.Parts[i]);
            if (name != otherName && (other.Parts.Any(part => part.Name == name) || Parts.Any(part => part.Name == otherName)))
            {
                return $"{path} has {name} here where {otherName} is there";
            }

            if (mine.Difference(theirs, $"{path}.{name}") is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static SignatureNode? Parse(string text, ref int position, int depth)
    {
        string kind = Word(text, ref position);
        if (kind.Length == 0 || depth == MaxDepth)
        {
            return null;
        }

        var parts = new List<(string, SignatureNode)>();
        if (position == text.Length || text[position] != '(')
        {
            return kind is "list" or "nullable" ? null : new SignatureNode(kind, parts);
        }

        do
        {
            position++;
            string name = Uri.UnescapeDataString(Word(text, ref position));
            if (position == text.Length || text[position++] != ':' || Parse(text, ref position, depth + 1) is not { } part)
            {
                return null;
            }

            parts.Add((name, part));
        }
        while (position < text.Length && text[position] == ',');

        return position < text.Length && text[position++] == ')' ? new SignatureNode(kind, parts) : null;
    }

    private static string Word(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && text[position] is not ('(' or ')' or ',' or ':'))
        {
            position++;
        }

        return text[start..position];
    }
}
