using System.Globalization;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>What a message says of its topic beside its action: its name, where the pattern has wildcards, and how often a queue has delivered it before.</summary>
internal static class TopicHeaders
{
    private const string Name = "ipc-topic";
    private const string Deliveries = "ipc-deliveries";

    /// <summary>The headers of a message that says its topic.</summary>
    public static MessageHeaders AddTo(MessageHeaders? own, string topic, int deliveries = 0)
    {
        var all = new Dictionary<string, string>(own ?? MessageHeaders.Empty, StringComparer.Ordinal) { [Name] = topic };
        all.Remove(Deliveries);
        if (deliveries > 0)
        {
            all[Deliveries] = deliveries.ToString(CultureInfo.InvariantCulture);
        }

        return new MessageHeaders(all);
    }

    /// <summary>The topic of a message that has arrived.</summary>
    /// <exception cref="MessageFormatException">It says none, or one that its subscription does not mean.</exception>
    public static string ReadTopic(TopicSubscription subscription, MessageHeaders? headers)
    {
        if (subscription.IsExact)
        {
            return subscription.Pattern;
        }

        return headers is not null && headers.TryGetValue(Name, out string? topic) && TopicSubscription.IsTopic(topic) && subscription.Matches(topic)
            ? topic
            : throw new MessageFormatException($"A message for \"{subscription.Action}\" does not say which of these topics is its own.");
    }

    /// <summary>How often a message of a queue was delivered before, from bytes that may be anything: 0 when they do not say.</summary>
    public static int ReadDeliveries(ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset)
    {
        try
        {
            return FrameEncoder.ReadHeaders(frame, header, bodyOffset) is { } headers ? ReadDeliveries(headers) : 0;
        }
        catch (MessageFormatException)
        {
            return 0; // whoever runs it reads them again, and says so
        }
    }

    /// <summary>How often a message of a queue was delivered before; 0 when it does not say.</summary>
    public static int ReadDeliveries(MessageHeaders headers) =>
        headers.TryGetValue(Deliveries, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? Math.Min(count, int.MaxValue - 1) : 0;
}
