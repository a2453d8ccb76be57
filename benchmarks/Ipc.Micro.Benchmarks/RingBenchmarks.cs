using System.Buffers;
using BenchmarkDotNet.Attributes;
using Ipc.Transports;
using Ipc.Transports.Rings;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Micro.Benchmarks;

/// <summary>The product's ring inside one process: one thread writes, the reader loop's thread reads, without dispatch.</summary>
public class RingBenchmarks : IAsyncDisposable
{
    private const int Frames = 4096;

    private static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Receiver = PeerId.Worker("worker", 1, 1);

    private readonly CountingReceiver _receiver = new();
    private DoorbellSegment _readerDoorbell = null!;
    private DoorbellSegment _writerDoorbell = null!;
    private RingReaderLoop _readerLoop = null!;
    private RingReaderLoop _writerLoop = null!;
    private RingSegment _segment = null!;
    private RingWriter _writer = null!;
    private byte[] _frame = [];

    [Params(64, 256, 4096)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Open()
    {
        var limits = new TransportLimits();
        _readerDoorbell = DoorbellSegment.Create();
        _writerDoorbell = DoorbellSegment.Create();
        _readerLoop = new RingReaderLoop(DoorbellSegment.Open(Duplicate(_readerDoorbell.Descriptor), isOwner: true), _receiver, _receiver, limits);
        _writerLoop = new RingReaderLoop(DoorbellSegment.Open(Duplicate(_writerDoorbell.Descriptor), isOwner: true), _receiver, _receiver, limits);
        _segment = RingSegment.Create(1, Sender, Receiver, LaneKind.Inbox, limits);
        _writer = RingWriter.Open(Duplicate(_segment.Descriptor), _segment.Length, Receiver, LaneKind.Inbox, _readerDoorbell, _writerLoop);
        _readerLoop.Attach(Duplicate(_segment.Descriptor), _segment.Length, Sender, LaneKind.Inbox, _writerDoorbell);
        _readerLoop.Start();
        _writerLoop.Start();
        _frame = new byte[Size];
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await _readerLoop.DisposeAsync();
        await _writerLoop.DisposeAsync();
        _segment.Dispose();
        _readerDoorbell.Dispose();
        _writerDoorbell.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Claims room for a frame and gives it up.</summary>
    [Benchmark]
    public void Claim()
    {
        _writer.BeginFrame();
        _writer.AbortFrame();
    }

    /// <summary>A frame through the ring, many on their way.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public async Task WriteAndRead()
    {
        long wanted = _receiver.Received + Frames;
        for (int i = 0; i < Frames; i++)
        {
            _writer.BeginFrame().Write(_frame);
            await _writer.CommitFrameAsync(TimeSpan.FromSeconds(30), default);
        }

        while (_receiver.Received < wanted)
        {
            await Task.Yield();
        }
    }

    private static SafeFileHandle Duplicate(SafeFileHandle handle) => File.OpenHandle(
        FormattableString.Invariant($"/proc/self/fd/{handle.DangerousGetHandle()}"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}
