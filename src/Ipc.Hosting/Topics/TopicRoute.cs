namespace Ipc.Topics;

/// <summary>Who gets the messages of one topic, as one directory has it.</summary>
/// <param name="Recipients">Everybody who gets each message.</param>
/// <param name="Queues">The queues, of whose subscribers one gets each message.</param>
/// <param name="NamesTopic">Whether messages have to say their topic, since a pattern that fits has wildcards.</param>
/// <param name="Label">A name for traces and metrics, of which there are few: the first subscription's, not the topic's.</param>
/// <param name="Closed">One of those who have subscribed and to whom this process, a client, may not send.</param>
internal sealed record TopicRoute(IReadOnlyList<TopicRecipient> Recipients, IReadOnlyList<QueueRoute> Queues, bool NamesTopic, string Label, TopicRecipient? Closed);
