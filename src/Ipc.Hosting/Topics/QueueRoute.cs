namespace Ipc.Topics;

/// <summary>A queue that gets the messages of a topic.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Recipients">Its subscribers, of whom one gets each message; at least one.</param>
internal sealed record QueueRoute(string Name, IReadOnlyList<TopicRecipient> Recipients);
