namespace Ipc.Transports.Rings;

/// <summary>One-way messages of one sender and action whose listener had started in a process that has died. They are not run again.</summary>
/// <param name="Sender">Who sent them.</param>
/// <param name="ActionHash">Their action.</param>
/// <param name="Count">How many.</param>
internal readonly record struct LostMessages(PeerId Sender, ulong ActionHash, int Count);
