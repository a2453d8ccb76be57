using System.Runtime.CompilerServices;

namespace Ipc.Transports.Rings.Tests;

/// <summary>Loads and stores where a test plays a process that has gone wrong.</summary>
internal static unsafe class Poke
{
    public static ulong Parked(DoorbellSegment doorbell) => Volatile.Read(ref *doorbell.Parked);

    public static void SetParked(DoorbellSegment doorbell, ulong episode) => Volatile.Write(ref *doorbell.Parked, episode);

    public static void SetParkedAnswers(DoorbellSegment doorbell, ulong episode) => Volatile.Write(ref *doorbell.ParkedAnswers, episode);

    public static uint Bell(DoorbellSegment doorbell) => Volatile.Read(ref *doorbell.Bell);

    public static void RaiseBellOnly(DoorbellSegment doorbell) => Interlocked.Increment(ref *doorbell.Bell);

    public static void RingIfParked(DoorbellSegment doorbell, ref ulong last) => doorbell.RingIfParked(doorbell.Parked, ref last);

    public static void Word(RingMemory memory, int offset, ulong value) => *(ulong*)(memory.Data + offset) = value;

    public static void Frame(FrameSegment segment, ReadOnlySpan<byte> frame) => frame.CopyTo(new Span<byte>(segment.Data, segment.Capacity));

    public static void Byte(RingMemory memory, int offset, byte value) => memory.Data[offset] = value;

    public static Span<byte> Data(RingMemory memory) => new(memory.Data, memory.Capacity);

    public static Span<byte> Entries(LedgerSegment ledger, int count) => new(Unsafe.AsPointer(ref ledger.Word(0)), count * 64);

    /// <summary>What writer and reader have left, or scribbled.</summary>
    public static void Cursors(RingSegment ring, ulong head, ulong done, ulong started, ulong tail, ulong redeliver = 0, byte[]? frame = null)
    {
        using var segment = Memory.SharedSegment.Open(Link.Duplicate(ring.Descriptor), ring.Length);
        using (RingMemory writer = RingMemory.Map(segment, RingRole.Writer))
        {
            writer.Head = head;
            if (frame is not null)
            {
                *(ulong*)(writer.Data + done) = RingLayout.RecordHeader(frame.Length, RecordKind.Frame, RecordFlags.Whole);
                frame.CopyTo(new Span<byte>(writer.Data + done + RingLayout.RecordHeaderSize, frame.Length));
            }
        }

        using RingMemory reader = RingMemory.Map(segment, RingRole.Reader);
        reader.Done = done;
        reader.Started = started;
        reader.Tail = tail;
        reader.Redeliver = redeliver;
    }
}
