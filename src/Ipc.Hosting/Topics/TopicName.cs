using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>How a message says its topic: by its action, where the pattern is that topic, else by a header.</summary>
internal static class TopicName
{
    private const string Header = "ipc-topic";

    /// <summary>The headers of a message that says its topic.</summary>
    public static MessageHeaders AddTo(MessageHeaders? own, string topic) => new([.. (own ?? MessageHeaders.Empty).Where(h => h.Key != Header), new(Header, topic)]);

    /// <summary>The topic of a message that has arrived.</summary>
    /// <exception cref="MessageFormatException">It says none, or one that its subscription does not mean.</exception>
    public static string Read(TopicSubscription subscription, MessageHeaders? headers)
    {
        if (subscription.IsExact)
        {
            return subscription.Pattern;
        }

        return headers is not null && headers.TryGetValue(Header, out string? topic) && TopicSubscription.IsTopic(topic) && subscription.Matches(topic)
            ? topic
            : throw new MessageFormatException($"A message for \"{subscription.Action}\" does not say which of these topics is its own.");
    }
}
