using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Tests;

/// <summary>A supervisor, a writing and a reading process in one: what the broker does with descriptors, by duplicating them.</summary>
internal sealed class Link : IAsyncDisposable
{
    public static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    public static readonly PeerId Receiver = PeerId.Worker("worker", 1, 1);
    private static long s_ids;

    private readonly RecordingReceiver _none = new();

    public Link(ITransportReceiver receiver, TransportLimits? limits = null, RingLoopOptions? options = null, LaneKind kind = LaneKind.Inbox, bool attach = true)
    {
        Limits = limits ?? new TransportLimits();
        Kind = kind;
        Observer = new RecordingObserver();
        ReaderDoorbell = DoorbellSegment.Create();
        WriterDoorbell = DoorbellSegment.Create();
        ReaderLoop = new RingReaderLoop(DoorbellSegment.Open(Duplicate(ReaderDoorbell.Descriptor), isOwner: true), receiver, Observer, Limits, null, options);
        WriterLoop = new RingReaderLoop(DoorbellSegment.Open(Duplicate(WriterDoorbell.Descriptor), isOwner: true), _none, Observer, Limits, null, options);
        Segment = NewRing();
        Writer = OpenWriter(Segment);
        if (attach)
        {
            Reader = Attach(Segment);
        }

        ReaderLoop.Start();
        WriterLoop.Start();
    }

    public TransportLimits Limits { get; }

    public LaneKind Kind { get; }

    public RecordingObserver Observer { get; }

    public DoorbellSegment ReaderDoorbell { get; }

    public DoorbellSegment WriterDoorbell { get; }

    public RingReaderLoop ReaderLoop { get; }

    public RingReaderLoop WriterLoop { get; }

    public RingSegment Segment { get; }

    public RingWriter Writer { get; }

    public RingReader? Reader { get; private set; }

    /// <summary>Whether a frame might not fit in one piece.</summary>
    public bool IsNearlyFull => Volatile.Read(ref Segment.Memory.Head) - Volatile.Read(ref Segment.Memory.Tail) > (ulong)Segment.Memory.Capacity / 2;

    public RingSegment NewRing(LaneKind? kind = null)
    {
        RingSegment segment = RingSegment.Create(Interlocked.Increment(ref s_ids), Sender, Receiver, kind ?? Kind, Limits);
        segment.WriterDoorbell = WriterDoorbell;
        segment.ReaderDoorbell = ReaderDoorbell;
        return segment;
    }

    public RingWriter OpenWriter(RingSegment segment) =>
        RingWriter.Open(Duplicate(segment.Descriptor), segment.Length, Receiver, segment.Kind, ReaderDoorbell, WriterLoop);

    public RingReader Attach(RingSegment segment)
    {
        RingReader reader = ReaderLoop.Attach(Duplicate(segment.Descriptor), segment.Length, Sender, segment.Kind, WriterDoorbell);
        Reader ??= reader;
        return reader;
    }

    /// <summary>Makes memory for large frames, as the supervisor does: the reader's end first.</summary>
    public FrameSegment Supply(int length)
    {
        FrameSegment segment = Segment.CreateFrame(length);
        Reader?.AddSegment(FrameSegment.Open(Duplicate(segment.Descriptor), length, segment.Id, RingRole.Reader));
        Writer.AddSegment(FrameSegment.Open(Duplicate(segment.Descriptor), length, segment.Id, RingRole.Writer));
        return segment;
    }

    public static SafeFileHandle Duplicate(SafeFileHandle handle) =>
        File.OpenHandle($"/proc/self/fd/{handle.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    public async ValueTask DisposeAsync()
    {
        await ReaderLoop.DisposeAsync();
        await WriterLoop.DisposeAsync();
        Writer.Dispose();
        Segment.Dispose();
        ReaderDoorbell.Dispose();
        WriterDoorbell.Dispose();
    }
}
