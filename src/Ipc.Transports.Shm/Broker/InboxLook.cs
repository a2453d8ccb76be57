using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>Looks into the inbox of a worker that lives. Everything there may change meanwhile and may be anything, and nothing is written.</summary>
internal static class InboxLook
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
        ulong done = Volatile.Read(ref memory.Done);
        ulong started = Volatile.Read(ref memory.Started);
        var records = new InboxRecords(memory, done, Volatile.Read(ref memory.Head));
        while (records.MoveNext())
        {
            if (started <= records.Position || started - records.Position > (ulong)memory.Capacity)
            {
                waiting++;
            }
            else if (records.Header.Length == FrameHeader.Size && RingReader.TryReadHeader(records.Header, int.MaxValue, out FrameHeader header))
            {
                Add(running, header.ActionHash);
            }
        }

        return waiting;
    }
}
