namespace Ipc.Transports.Rings;

/// <summary>One-way messages of one sender and action that a process has left when it died and that are not run again.</summary>
/// <param name="Sender">Who sent them.</param>
/// <param name="ActionHash">Their action.</param>
/// <param name="Count">How many.</param>
internal readonly record struct LostMessages(PeerId Sender, ulong ActionHash, int Count)
{
    /// <summary>Whether they should have been run: what the process has left of them, or of their ring, makes no sense. Otherwise their listener had started.</summary>
    public bool AreUnreadable { get; init; }
}
