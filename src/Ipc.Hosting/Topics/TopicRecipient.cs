using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>One inbox that a message of a topic goes to, and the subscription under whose action it does.</summary>
internal readonly record struct TopicRecipient(PeerInfo Peer, TopicSubscription Subscription);
