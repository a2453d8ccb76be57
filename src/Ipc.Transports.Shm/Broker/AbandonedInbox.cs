using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>Counts what is lost when an inbox is given up: one-way messages in a closed ring that nobody took, and those of it that waited in the ledger, for the first time or to be run again.</summary>
/// <remarks>Requests are not counted: their askers are told. The ring's records were written by a process that may have written anything: every length is read once and checked.</remarks>
internal static unsafe class AbandonedInbox
{
    /// <summary>Counts them.</summary>
    /// <param name="ring">Closed, and nobody reads it any more.</param>
    /// <param name="ledger">The worker id's ledger, if it had one.</param>
    public static long CountMessages(RingSegment ring, LedgerSegment? ledger) => CountInRing(ring.Memory) + CountInLedger(ring.RingId, ledger);

    private static long CountInRing(RingMemory memory)
    {
        long count = 0;
        ulong position = Volatile.Read(ref memory.Done);
        ulong head = memory.FinalHead;
        if ((position | head) % RingLayout.RecordAlignment != 0 || position > head || head - position > (ulong)memory.Capacity)
        {
            return 0;
        }

        while (position < head)
        {
            uint offset = (uint)position & (uint)(memory.Capacity - 1);
            ulong record = Volatile.Read(ref *(ulong*)(memory.Data + offset));
            uint length = (uint)record;
            long size = RingLayout.RecordSize(length);
            if (size > memory.Capacity - offset)
            {
                break;
            }

            var flags = (RecordFlags)(ushort)(record >> 48);
            var kind = (RecordKind)(ushort)(record >> 32);
            if (kind == RecordKind.Segment || (kind == RecordKind.Frame && (flags & RecordFlags.First) != 0))
            {
                int skipped = RingLayout.RecordHeaderSize
                    + (kind == RecordKind.Segment ? FrameSegmentLayout.ReferenceHeaderOffset : flags == RecordFlags.Whole ? 0 : RingLayout.AssemblyPrefixSize);
                int readable = (int)Math.Min(FrameHeader.Size, Math.Max(0, size - skipped));
                count += IsOneWay(new ReadOnlySpan<byte>(memory.Data + offset + skipped, readable)) ? 1 : 0;
            }

            position += (ulong)size;
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
