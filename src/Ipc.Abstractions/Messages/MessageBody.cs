namespace Ipc;

/// <summary>Any MessagePack value: a legal message for callers that share no types.</summary>
public sealed class MessageBody;
