using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>Looks into the inbox of a worker that lives. Everything there may change meanwhile and may be anything: every length is read once and checked, and nothing is written.</summary>
internal static unsafe class InboxLook
{
    /// <summary>Counts what runs and what waits.</summary>
    /// <param name="rings">The rings that it reads.</param>
    /// <param name="ledger">Its worker id's ledger, if it has one.</param>
    /// <param name="incarnation">Which incarnation's listeners.</param>
    public static (Dictionary<ulong, int> Running, long Waiting) Take(IEnumerable<RingSegment> rings, LedgerSegment? ledger, int incarnation)
    {
        var running = new Dictionary<ulong, int>();
        long waiting = 0;
        for (int index = 0; ledger is not null && index < LedgerSegment.EntryCount; index++)
        {
            LedgerWord word = LedgerWord.Read(Volatile.Read(ref ledger.Word(index)));
            if (word.CanRun)
            {
                waiting++;
            }
            else if (word.State == LedgerState.Started && word.Owner == incarnation)
            {
                Add(running, ledger.Action(index));
            }
        }

        foreach (RingSegment ring in rings)
        {
            waiting += Walk(ring.Memory, running);
        }

        return (running, waiting);
    }

    private static void Add(Dictionary<ulong, int> running, ulong action) => running[action] = running.GetValueOrDefault(action) + 1;

    private static long Walk(RingMemory memory, Dictionary<ulong, int> running)
    {
        long waiting = 0;
        ulong position = Volatile.Read(ref memory.Done);
        ulong started = Volatile.Read(ref memory.Started);
        ulong head = Volatile.Read(ref memory.Head);
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

            var kind = (RecordKind)(ushort)(record >> 32);
            var flags = (RecordFlags)(ushort)(record >> 48);
            if (kind == RecordKind.Segment || (kind == RecordKind.Frame && (flags & RecordFlags.First) != 0))
            {
                bool hasStarted = started > position && started - position <= (ulong)memory.Capacity;
                waiting += hasStarted ? 0 : 1;
                int skipped = kind == RecordKind.Segment ? FrameSegmentLayout.ReferenceHeaderOffset : 0;
                if (hasStarted && (kind == RecordKind.Segment || flags == RecordFlags.Whole) && length >= (uint)(skipped + FrameHeader.Size)
                    && RingReader.TryReadHeader(new ReadOnlySpan<byte>(memory.Data + offset + RingLayout.RecordHeaderSize + skipped, FrameHeader.Size), int.MaxValue, out FrameHeader header))
                {
                    Add(running, header.ActionHash);
                }
            }

            position += (ulong)size;
        }

        return waiting;
    }
}
