namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>One call of <see cref="ITransportReceiver.OnReaderGone"/>.</summary>
public sealed record ReaderGone(OutboundLane Lane, PeerId Reader, long TakenPosition, bool InboxKept);
