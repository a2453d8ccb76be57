namespace Ipc.Transports.Rings;

/// <summary>A request whose listener had started in a process that has died: its asker is to be told <see cref="IpcError.PeerGone"/> at once.</summary>
/// <param name="Asker">Who asked: one exact incarnation.</param>
/// <param name="Correlation">The request's number there.</param>
/// <param name="ActionHash">The request's action.</param>
internal readonly record struct InterruptedRequest(PeerId Asker, long Correlation, ulong ActionHash);
