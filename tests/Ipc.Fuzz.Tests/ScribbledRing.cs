using System.Buffers.Binary;
using Ipc.Transports;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Fuzz.Tests;

/// <summary>A ring of which every page can be written, as no process of a cluster can: records, cursors and state that are legal, nearly legal, or anything.</summary>
internal sealed unsafe class ScribbledRing : IDisposable
{
    public const int Capacity = 4096;

    private readonly SharedSegment _segment;
    private readonly MappedMemory _all;

    public ScribbledRing(long id, PeerId sender, PeerId receiver, TransportLimits limits)
    {
        Ring = RingSegment.Create(id, sender, receiver, LaneKind.Inbox, limits);
        _segment = SharedSegment.Open(Duplicate(Ring.Descriptor), Ring.Length);
        _all = MappedMemory.Map(_segment, 0.._segment.Length);
    }

    public RingSegment Ring { get; }

    /// <summary>Where the first record begins, and where each one ends.</summary>
    public List<ulong> Ends { get; } = [];

    public static SafeFileHandle Duplicate(SafeFileHandle handle) =>
        File.OpenHandle($"/proc/self/fd/{handle.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    /// <summary>A word of one of the pages.</summary>
    private ref ulong Word(int page, int offset) => ref *(ulong*)(_all.Address + (page * RingLayout.PageSize) + offset);

    private ref uint Assembly => ref *(uint*)(_all.Address + (2 * RingLayout.PageSize) + RingLayout.AssemblyOffset);

    /// <summary>Legal records, bent; cursors and state that are legal, or not.</summary>
    public void Scribble(Garbage garbage)
    {
        Random random = garbage.Random;
        WriteRecords(garbage);
        ulong start = Ends[0];
        ulong head = Ends[^1];
        Word(1, RingLayout.HeadOffset) = head;
        Word(2, RingLayout.TailOffset) = Word(2, RingLayout.DoneOffset) = Word(2, RingLayout.StartedOffset) = start;
        *(uint*)(_all.Address + RingLayout.StateOffset) = random.Next(6) == 0 ? (uint)random.Next(4) : 0;
        Word(0, RingLayout.FinalHeadOffset) = random.Next(4) == 0 ? (ulong)garbage.Number() : head;
        Assembly = (uint)(random.Next(4) == 0 ? random.Next(4) : 0);
        if (random.Next(6) == 0)
        {
            Word(random.Next(1, 3), random.Next(2) == 0 ? 0 : RingLayout.StartedOffset + (8 * random.Next(2))) = (ulong)garbage.Number();
        }
    }

    /// <summary>What a reader leaves that dies: frames that it has finished, perhaps one that it has started, perhaps one in pieces that is half read.</summary>
    public void Abandon(Garbage garbage)
    {
        Random random = garbage.Random;
        int at = random.Next(Ends.Count);
        ulong done = Ends[at];
        ulong started = random.Next(3) switch { 0 => done, 1 => Ends[Math.Min(at + 1, Ends.Count - 1)], _ => Ends[random.Next(Ends.Count)] };
        Word(2, RingLayout.DoneOffset) = done;
        Word(2, RingLayout.StartedOffset) = started;
        Word(2, RingLayout.RedeliverOffset) = random.Next(2) == 0 ? started : Ends[random.Next(Ends.Count)];
        Word(2, RingLayout.AssemblySettledOffset) = random.Next(2) == 0 ? done : Ends[random.Next(Ends.Count)];
        *(_all.Address + (2 * RingLayout.PageSize) + RingLayout.AssemblyKindOffset) = (byte)random.Next(4);
    }

    public void Dispose()
    {
        _all.Dispose();
        _segment.Dispose();
        Ring.Dispose();
    }

    private void WriteRecords(Garbage garbage)
    {
        Random random = garbage.Random;
        byte* data = _all.Address + RingLayout.DataOffset;
        int start = random.Next(3) == 0 ? random.Next(Capacity / 8) * 8 : 0;
        long position = start;
        bool inPieces = false;
        Ends.Clear();
        Ends.Add((ulong)position);
        while (position - start < Capacity - 512)
        {
            int offset = (int)(position % Capacity);
            int room = Capacity - offset;
            int length = Math.Min(random.Next(random.Next(4) == 0 ? 500 : 100), room - 8);
            (RecordKind kind, RecordFlags flags) = (room, random.Next(12)) switch
            {
                (< 64, _) => (RecordKind.Padding, RecordFlags.None),
                (_, 0) => (RecordKind.Frame, RecordFlags.First),
                (_, < 3) when inPieces => (RecordKind.Frame, RecordFlags.None),
                (_, < 6) when inPieces => (RecordKind.Frame, RecordFlags.Last),
                (_, < 3) => (RecordKind.Segment, RecordFlags.None),
                (_, 6) => (RecordKind.Abort, RecordFlags.None),
                (_, 7) => ((RecordKind)random.Next(6), (RecordFlags)random.Next(5)),
                _ => (RecordKind.Frame, RecordFlags.Whole),
            };
            length = kind switch
            {
                RecordKind.Padding => room - 8,
                RecordKind.Abort when random.Next(4) != 0 => 0,
                RecordKind.Segment when random.Next(4) != 0 => Math.Min(FrameSegmentLayout.ReferenceSize, room - 8),
                _ => length,
            };
            inPieces = flags == RecordFlags.First || (inPieces && flags == RecordFlags.None && kind == RecordKind.Frame);
            *(ulong*)(data + offset) = RingLayout.RecordHeader(length, kind, flags);
            WriteBody(garbage, new Span<byte>(data + offset + 8, length), kind, flags);
            position += RingLayout.RecordSize(length);
            Ends.Add((ulong)position);
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            data[random.Next(Capacity)] = (byte)random.Next(256);
        }
    }

    private static void WriteBody(Garbage garbage, Span<byte> body, RecordKind kind, RecordFlags flags)
    {
        Random random = garbage.Random;
        random.NextBytes(body);
        int prefix = kind == RecordKind.Segment ? FrameSegmentLayout.ReferenceHeaderOffset : flags == RecordFlags.First ? RingLayout.AssemblyPrefixSize : 0;
        if (body.Length < prefix + FrameHeader.Size)
        {
            return;
        }

        if (kind == RecordKind.Segment)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body[FrameSegmentLayout.ReferenceIdOffset..], (uint)random.Next(4));
            BinaryPrimitives.WriteUInt32LittleEndian(body[FrameSegmentLayout.ReferenceLengthOffset..], (uint)(random.Next(3) == 0 ? garbage.Number() : random.Next(32, 60_000)));
            BinaryPrimitives.WriteUInt64LittleEndian(body[FrameSegmentLayout.ReferenceUseOffset..], (ulong)random.Next(1, 3));
        }
        else if (prefix != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(body, (ulong)(random.Next(3) == 0 ? garbage.Number() : body.Length + random.Next(300)));
        }

        var frame = new FrameHeader((FrameKind)random.Next(1, 4), FrameFlags.None, 7, random.Next(), 0);
        frame.Write(body[prefix..], random.Next(8) == 0 ? (int)garbage.Number() : FrameHeader.Size);
    }
}
