using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ipc.Transports;

/// <summary>One subscription of a peer, as it tells it to the others. Its messages travel under an action of their own. Immutable.</summary>
public sealed class TopicSubscription
{
    /// <summary>How many run-time subscriptions one peer may have.</summary>
    public const int MaxPerPeer = 1024;

    /// <summary>How many bytes their texts may take together.</summary>
    public const int MaxBytesPerPeer = 64 << 10;

    private const string Topic = "topic";
    private const string QueuedTopic = "queue";

    /// <summary>Begins the text of a subscription; no action begins with it.</summary>
    private const char Mark = '\u0003';

    /// <summary>Makes a subscription.</summary>
    /// <param name="pattern">The topics: segments between dots, of which <c>*</c> stands for one and <c>&gt;</c>, as the last, for all that are left.</param>
    /// <param name="queue">The queue, whose subscribers share the messages; <see langword="null"/> when each gets all.</param>
    /// <param name="number">Tells the run-time subscriptions of one process apart; 0 for those of its listeners.</param>
    /// <exception cref="ArgumentException">The pattern or the queue's name is none.</exception>
    public TopicSubscription(string pattern, string? queue = null, int number = 0)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (TopicRules.WhyNoPattern(pattern) is { } noPattern)
        {
            throw new ArgumentException($"\"{pattern}\" is no pattern of topics: it {noPattern}.", nameof(pattern));
        }

        if (queue is not null && TopicRules.WhyNoQueue(queue) is { } noQueue)
        {
            throw new ArgumentException($"\"{queue}\" is no name of a queue: it {noQueue}.", nameof(queue));
        }

        Pattern = pattern;
        Queue = queue;
        Number = number;
        IsExact = IsExactly(pattern);
        string kind = queue is null ? Topic : QueuedTopic;
        string behind = queue is null ? pattern : $"{queue}:{pattern}";
        Text = number == 0 ? $"{Mark}{kind}:{behind}" : string.Create(CultureInfo.InvariantCulture, $"{Mark}{kind}#{number}:{behind}");
        Action = Text[1..];
        ActionHash = Ipc.ActionHash.Compute(Action);
    }

    private TopicSubscription(string text, string pattern, string? queue, int number)
    {
        Pattern = pattern;
        Queue = queue;
        Number = number;
        IsExact = IsExactly(pattern);
        Text = text;
        Action = text[1..];
        ActionHash = Ipc.ActionHash.Compute(Action);
    }

    /// <summary>The topics.</summary>
    public string Pattern { get; }

    /// <summary>The queue; <see langword="null"/> when there is none.</summary>
    public string? Queue { get; }

    /// <summary>Tells the run-time subscriptions of one process apart; 0 for those of its listeners.</summary>
    public int Number { get; }

    /// <summary>Whether the pattern is the name of one topic.</summary>
    public bool IsExact { get; }

    /// <summary>The action of its messages, for example <c>topic:orders.*</c> or <c>queue#2:billing:orders.*</c>.</summary>
    public string Action { get; }

    /// <summary>The action's hash.</summary>
    public ulong ActionHash { get; }

    /// <summary>What stands among the texts of <see cref="PeerActions"/>.</summary>
    public string Text { get; }

    /// <summary>Whether a text is meant to be a subscription's.</summary>
    public static bool IsText(string text) => text is [Mark, ..];

    /// <summary>Reads a subscription's text, which may be anything.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TopicSubscription? subscription)
    {
        subscription = null;
        if (!IsText(text) || text.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon))
        {
            return false;
        }

        ReadOnlySpan<char> kind = text.AsSpan(1, colon - 1);
        int number = 0;
        if (kind.IndexOf('#') is >= 0 and var sign)
        {
            ReadOnlySpan<char> digits = kind[(sign + 1)..];
            if (digits is [] or ['0', ..] || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                return false; // a number has one spelling
            }

            kind = kind[..sign];
        }

        string? queue = null;
        int begin = colon + 1;
        if (kind is QueuedTopic)
        {
            int end = text.IndexOf(':', begin);
            if (end < 0)
            {
                return false;
            }

            queue = text[begin..end];
            begin = end + 1;
        }
        else if (kind is not Topic)
        {
            return false;
        }

        string pattern = text[begin..];
        if (TopicRules.WhyNoPattern(pattern) is not null || (queue is not null && TopicRules.WhyNoQueue(queue) is not null))
        {
            return false;
        }

        subscription = new TopicSubscription(text, pattern, queue, number);
        return true;
    }

    /// <summary>Whether one peer may have all these at run time.</summary>
    public static bool AreFew(IReadOnlyCollection<TopicSubscription> subscriptions)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        return subscriptions.Count <= MaxPerPeer && subscriptions.Sum(static s => Encoding.UTF8.GetByteCount(s.Text)) <= MaxBytesPerPeer;
    }

    /// <summary>Whether something can be published under a name.</summary>
    public static bool IsTopic(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return TopicRules.WhyNoTopic(topic) is null;
    }

    /// <summary>Throws when nothing can be published under a name.</summary>
    /// <exception cref="ArgumentException">It is no topic.</exception>
    public static void ThrowIfNoTopic(string topic, [CallerArgumentExpression(nameof(topic))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(topic, parameter);
        if (TopicRules.WhyNoTopic(topic) is { } reason)
        {
            throw new ArgumentException($"\"{topic}\" is no topic: it {reason}.", parameter);
        }
    }

    /// <summary>Whether a topic is one of those that the pattern means.</summary>
    public bool Matches(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (IsExact)
        {
            return string.Equals(topic, Pattern, StringComparison.Ordinal);
        }

        ReadOnlySpan<char> pattern = Pattern;
        ReadOnlySpan<char> rest = topic;
        while (true)
        {
            ReadOnlySpan<char> wanted = NextSegment(ref pattern, out bool wantsMore);
            if (wanted is [TopicRules.AllThatIsLeft])
            {
                return true;
            }

            ReadOnlySpan<char> segment = NextSegment(ref rest, out bool hasMore);
            if ((wanted is not [TopicRules.AnySegment] && !wanted.SequenceEqual(segment)) || wantsMore != hasMore)
            {
                return false;
            }

            if (!wantsMore)
            {
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Action;

    private static bool IsExactly(string pattern) => !pattern.AsSpan().ContainsAny(TopicRules.AnySegment, TopicRules.AllThatIsLeft);

    private static ReadOnlySpan<char> NextSegment(ref ReadOnlySpan<char> rest, out bool hasMore)
    {
        int dot = rest.IndexOf('.');
        hasMore = dot >= 0;
        ReadOnlySpan<char> segment = hasMore ? rest[..dot] : rest;
        rest = hasMore ? rest[(dot + 1)..] : default;
        return segment;
    }
}
