using System.Buffers;
using System.Runtime.CompilerServices;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>Rings, doorbells and loops of one schedule: the product's own, made on the thread of the test.</summary>
internal sealed class RingHarness : IDisposable
{
    public static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    public static readonly PeerId Receiver = PeerId.Worker("worker", 1, 1);

    private readonly List<IDisposable> _disposables = [];
    private readonly long _first = MappedMemory.Last;
    private readonly Explorer? _explorer;
    private readonly int _spinBudget;
    private long _rings;

    public RingHarness(Explorer? explorer, int ringSize = 4096, int spinBudget = 0)
    {
        _explorer = explorer;
        _spinBudget = spinBudget;
        Limits = new TransportLimits { RingSize = ringSize, AnswerRingSize = ringSize };
        ReaderDoorbell = Keep(DoorbellSegment.Create());
        WriterDoorbell = Keep(DoorbellSegment.Create());
        ReaderLoop = NewLoop(ReaderDoorbell, Frames);
        WriterLoop = NewLoop(WriterDoorbell, new Received());
    }

    public TransportLimits Limits { get; }

    public DoorbellSegment ReaderDoorbell { get; }

    public DoorbellSegment WriterDoorbell { get; }

    public RingReaderLoop ReaderLoop { get; }

    public RingReaderLoop WriterLoop { get; }

    /// <summary>What the reading loop has received.</summary>
    public Received Frames { get; } = new();

    public RingSegment NewRing(LaneKind kind = LaneKind.Inbox)
    {
        RingSegment segment = Keep(RingSegment.Create(++_rings, Sender, Receiver, kind, Limits));
        segment.WriterDoorbell = WriterDoorbell;
        segment.ReaderDoorbell = ReaderDoorbell;
        return segment;
    }

    public RingWriter OpenWriter(RingSegment segment) =>
        RingWriter.Open(Duplicate(segment.Descriptor), segment.Length, Receiver, segment.Kind, ReaderDoorbell, WriterLoop);

    public RingReader Attach(RingSegment segment, RingReaderLoop? loop = null) =>
        (loop ?? ReaderLoop).Attach(Duplicate(segment.Descriptor), segment.Length, Sender, segment.Kind, WriterDoorbell);

    public T Keep<T>(T disposable)
        where T : IDisposable
    {
        _disposables.Add(disposable);
        return disposable;
    }

    /// <summary>A frame with a legal header, from now on known by its number.</summary>
    public static byte[] Frame(int number, int length = 64, FrameKind kind = FrameKind.OneWay)
    {
        byte[] frame = new byte[length];
        new FrameHeader(kind, FrameFlags.None, 7, number, 0).Write(frame, FrameHeader.Size);
        return frame;
    }

    public static Task<long> Send(RingWriter writer, int number, int length = 64, FrameKind kind = FrameKind.OneWay)
    {
        writer.BeginFrame().Write(Frame(number, length, kind));
        return writer.CommitFrameAsync(Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask();
    }

    public void Dispose()
    {
        foreach (IDisposable disposable in _disposables)
        {
            disposable.Dispose();
        }

        MappedMemory.Forget(_first);
    }

    public static SafeFileHandle Duplicate(SafeFileHandle handle) =>
        File.OpenHandle($"/proc/self/fd/{handle.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    /// <summary>A loop; nothing runs before it is started.</summary>
    public RingReaderLoop NewLoop(DoorbellSegment doorbell, Received receiver, LedgerSegment? ledger = null)
    {
        DoorbellSegment own = Keep(DoorbellSegment.Open(Duplicate(doorbell.Descriptor), isOwner: true));
        var loop = new RingReaderLoop(own, receiver, receiver, Limits, ledger, new RingLoopOptions { SpinBudget = _spinBudget, StandbyTick = TimeSpan.Zero, SegmentTick = TimeSpan.FromMinutes(10) });
        _explorer?.AddGate(Gate(loop));
        return loop;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sync")]
    private static extern ref readonly object Gate(RingReaderLoop loop);
}
