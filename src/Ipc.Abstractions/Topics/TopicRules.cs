namespace Ipc;

/// <summary>What names of topics, patterns and queues may look like. Compiled into the analyzers too, so that both say the same.</summary>
internal static class TopicRules
{
    /// <summary>The most characters of a topic or a pattern.</summary>
    public const int MaxLength = 255;

    /// <summary>The most characters of a queue's name.</summary>
    public const int MaxQueueLength = 100;

    /// <summary>Stands for exactly one segment.</summary>
    public const char AnySegment = '*';

    /// <summary>Stands for all segments that are left, one or more.</summary>
    public const char AllThatIsLeft = '>';

    /// <summary>Why nothing can be published under a text; <see langword="null"/> when it can.</summary>
    public static string? WhyNoTopic(string topic) => WhyNot(topic, isPattern: false);

    /// <summary>Why nobody can subscribe to a text; <see langword="null"/> when it can be done.</summary>
    public static string? WhyNoPattern(string pattern) => WhyNot(pattern, isPattern: true);

    /// <summary>Why a text is no queue's name; <see langword="null"/> when it is one.</summary>
    public static string? WhyNoQueue(string queue)
    {
        if (queue.Length is 0 or > MaxQueueLength)
        {
            return queue.Length == 0 ? "is empty" : $"is longer than {MaxQueueLength} characters";
        }

        foreach (char c in queue)
        {
            if (IsUnprintable(c) || c == ':')
            {
                return "contains a colon, white space, a control character or a surrogate";
            }
        }

        return null;
    }

    private static string? WhyNot(string text, bool isPattern)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return text.Length == 0 ? "is empty" : $"is longer than {MaxLength} characters";
        }

        for (int i = 0; i < text.Length; i++) // no substrings: every process reads the patterns of all others
        {
            char c = text[i];
            bool begins = i == 0 || text[i - 1] == '.';
            bool ends = i == text.Length - 1 || text[i + 1] == '.';
            if (c == '.' && (begins || i == text.Length - 1))
            {
                return "has an empty segment: a dot at its beginning or end, or two together";
            }

            if (c is AnySegment or AllThatIsLeft)
            {
                if (!isPattern)
                {
                    return $"contains '{c}', which only patterns of subscriptions may";
                }

                if (!begins || !ends)
                {
                    return $"has '{c}' inside of a segment; it stands for whole segments only";
                }

                if (c == AllThatIsLeft && i < text.Length - 1)
                {
                    return "has something behind '>', which stands for all segments that are left";
                }
            }

            if (IsUnprintable(c))
            {
                return "contains white space, a control character or a surrogate";
            }
        }

        return null;
    }

    private static bool IsUnprintable(char c) => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c);
}
