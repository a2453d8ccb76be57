namespace Ipc.Transports.Rings;

/// <summary>How far a process that has died had read a ring: for the sender's <see cref="ITransportReceiver.OnReaderGone"/>.</summary>
/// <param name="Ring">The ring.</param>
/// <param name="Position">Frames up to this position were taken.</param>
internal readonly record struct TakenPosition(RingSegment Ring, long Position);
