using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>
/// Walks over the frames in a ring that nobody has finished, from outside. The records were written by a process that may have written anything, and that may go on: every length is read
/// once and checked, and nothing is written.
/// </summary>
internal unsafe ref struct InboxRecords
{
    private readonly RingMemory _memory;
    private readonly ulong _head;
    private ulong _next;

    /// <summary>Begins before the first.</summary>
    /// <param name="memory">The ring.</param>
    /// <param name="done">Where to begin; of a ring that lives, read before <paramref name="head"/>.</param>
    /// <param name="head">Where to end.</param>
    public InboxRecords(RingMemory memory, ulong done, ulong head)
    {
        _memory = memory;
        _next = done;
        bool makesSense = (_next | head) % RingLayout.RecordAlignment == 0 && _next <= head && head - _next <= (ulong)memory.Capacity;
        _head = makesSense ? head : _next;
    }

    /// <summary>Where the record is that the frame begins in.</summary>
    public ulong Position { get; private set; }

    /// <summary>The beginning of the frame, its header at most: as much of it as that record has.</summary>
    public ReadOnlySpan<byte> Header { get; private set; }

    /// <summary>Goes to the next record that a frame begins in.</summary>
    /// <returns>False when there is none.</returns>
    public bool MoveNext()
    {
        while (_next < _head)
        {
            Position = _next;
            uint offset = (uint)_next & (uint)(_memory.Capacity - 1);
            ulong record = Volatile.Read(ref *(ulong*)(_memory.Data + offset));
            uint length = (uint)record;
            long size = RingLayout.RecordSize(length);
            if (size > _memory.Capacity - offset)
            {
                _next = _head;
                return false;
            }

            _next += (ulong)size;
            var flags = (RecordFlags)(ushort)(record >> 48);
            var kind = (RecordKind)(ushort)(record >> 32);
            if (kind == RecordKind.Segment || (kind == RecordKind.Frame && (flags & RecordFlags.First) != 0))
            {
                int skipped = kind == RecordKind.Segment ? FrameSegmentLayout.ReferenceHeaderOffset : flags == RecordFlags.Whole ? 0 : RingLayout.AssemblyPrefixSize;
                int readable = (int)Math.Min(FrameHeader.Size, Math.Max(0, (long)length - skipped));
                Header = new ReadOnlySpan<byte>(_memory.Data + offset + RingLayout.RecordHeaderSize + skipped, readable);
                return true;
            }
        }

        return false;
    }
}
