using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>Counts what is lost when an inbox is given up: one-way messages in a closed ring that nobody took, and those of it that waited in the ledger, for the first time or to be run again.</summary>
/// <remarks>Requests are not counted: their askers are told.</remarks>
internal static class AbandonedInbox
{
    /// <summary>Counts them.</summary>
    /// <param name="ring">Closed, and nobody reads it any more.</param>
    /// <param name="ledger">The worker id's ledger, if it had one.</param>
    public static long CountMessages(RingSegment ring, LedgerSegment? ledger) => CountInRing(ring.Memory) + CountInLedger(ring.RingId, ledger);

    private static long CountInRing(RingMemory memory)
    {
        long count = 0;
        var records = new InboxRecords(memory, Volatile.Read(ref memory.Done), memory.FinalHead);
        while (records.MoveNext())
        {
            count += IsOneWay(records.Header) ? 1 : 0;
        }

        return count;
    }

    private static long CountInLedger(long ringId, LedgerSegment? ledger)
    {
        long count = 0;
        for (int index = 0; ledger is not null && index < LedgerSegment.EntryCount; index++)
        {
            LedgerWord word = LedgerWord.Read(Volatile.Read(ref ledger.Word(index)));
            if (word.CanRun && (word.Flags & LedgerFlags.Request) == 0 && ledger.RingId(index) == ringId)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>A piece holds the header only in part of the frame: the kind is its second byte (see <see cref="FrameHeader"/>).</summary>
    private static bool IsOneWay(ReadOnlySpan<byte> frame) =>
        frame.Length >= 2 && frame[0] == FrameHeader.Version && frame[1] == (byte)FrameKind.OneWay;
}
