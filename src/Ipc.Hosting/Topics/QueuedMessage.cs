namespace Ipc.Topics;

/// <summary>A message of a queue that this process holds until a subscriber has acknowledged it. Used by one thread at a time.</summary>
/// <param name="topic">Its topic.</param>
/// <param name="queue">The queue.</param>
/// <param name="headers">The publisher's own.</param>
/// <param name="body">What is published.</param>
internal sealed class QueuedMessage(string topic, string queue, MessageHeaders? headers, ReadOnlyMemory<byte> body)
{
    public string Topic => topic;

    public string Queue => queue;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>The subscriber that it was given to last.</summary>
    public TopicRecipient To { get; set; }

    /// <summary>The subscriber that could not take it, or did not acknowledge it, last: another one is to have it, if there is any.</summary>
    public PeerId Avoid { get; set; }

    /// <summary>The number under which that one knows it.</summary>
    public long MessageId { get; set; }

    /// <summary>How often it was given to subscribers that have ended or were cancelled since; where its bytes went over a pipe, whether its listener had started or not.</summary>
    public int Deliveries { get; set; }

    /// <summary>How often it was given to one that did not acknowledge it, for whatever reason.</summary>
    public int Attempts { get; set; }

    /// <summary>The headers that it travels with next.</summary>
    public MessageHeaders Headers => TopicHeaders.AddTo(headers, topic, Deliveries);
}
