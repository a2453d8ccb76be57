namespace Ipc.Transports.Rings;

/// <summary>Settles what a dead process has left in its rings and its ledger, before anybody attaches to them again.</summary>
internal static class PostMortem
{
    /// <summary>For the supervisor, when no thread of the process can run any more. Reads and writes control pages and the ledger only, never blocks.</summary>
    /// <param name="dead">The incarnation that has ended.</param>
    /// <param name="read">The rings that it read.</param>
    /// <param name="written">The rings that it wrote; they are closed, so that what it published is still drained.</param>
    /// <param name="ledger">Its worker id's ledger, if it had one.</param>
    public static PostMortemReport Run(PeerId dead, IReadOnlyList<RingSegment> read, IReadOnlyList<RingSegment> written, LedgerSegment? ledger) =>
        throw new NotSupportedException("Rings are being built.");
}
