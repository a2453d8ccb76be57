namespace Ipc.Transports.Rings.Peer;

/// <summary>Maps its own pages of a ring, as a sender's process does, and writes garbage into them, into its head first of all, until it is killed.</summary>
internal static unsafe class ScribblingPeer
{
    public static int Run(Arguments arguments)
    {
        var random = new Random(arguments.Number("seed"));
        using var segment = Memory.SharedSegment.Open(arguments.Descriptor("ring"), arguments.Number("length"));
        using RingMemory memory = RingMemory.Map(segment, RingRole.Writer);
        using DoorbellSegment readerDoorbell = DoorbellSegment.Open(arguments.Descriptor("readerDoorbell"), isOwner: false);
        var bytes = new Span<byte>(memory.Data, memory.Capacity);
        Journal.Write($"pid {Environment.ProcessId}");
        for (ulong head = 0; ; head += 8)
        {
            random.NextBytes(bytes.Slice(random.Next(bytes.Length - 64), 64));
            new Span<byte>(memory.Data, 64).Fill((byte)random.Next(256));
            *(ulong*)(memory.Data + (head & (uint)(memory.Capacity - 1))) = RingLayout.RecordHeader(random.Next(200), (RecordKind)random.Next(5), (RecordFlags)random.Next(5));
            Volatile.Write(ref memory.Head, random.Next(4) == 0 ? (ulong)random.NextInt64() : head);
            readerDoorbell.Ring();
        }
    }
}
