using System.Buffers;
using System.Buffers.Binary;

namespace Ipc.Transports.Peer;

/// <summary>
/// Answers each request with its own bytes, on the lane of its asker. One-way frames it drops, takes without starting them ("take"), starts and never ends ("start"), leaves in
/// their lane ("hold") or sends back ("return").
/// </summary>
internal sealed class EchoReceiver(string[] modes) : ITransportReceiver, IWorkerEvents
{
    private readonly TaskCompletionSource<Transport> _transport = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the process is to end.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Answers can be sent from now on.</summary>
    public void Begin(Transport transport) => _transport.SetResult(transport);

    /// <inheritdoc/>
    public FrameDisposition OnFrame(scoped in InboundFrame frame)
    {
        if (FrameHeader.TryRead(frame.Bytes, out FrameHeader header, out _) && header.Kind == FrameKind.Request)
        {
            FrameLease lease = frame.Take(keepBytes: true);
            lease.MarkStarted(); // bytes are kept for the answer, not for a successor
            _ = AnswerAsync(frame.Lane.Remote, header, lease);
            return FrameDisposition.Consumed;
        }

        return OnOneWay(frame);
    }

    /// <inheritdoc/>
    public void OnDirectoryChanged(PeerDirectory directory)
    {
    }

    /// <inheritdoc/>
    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }

    /// <inheritdoc/>
    public void OnReleased()
    {
        // It is never held.
    }

    /// <inheritdoc/>
    public void OnIdGiven(PeerId self)
    {
        // It is never held.
    }

    /// <inheritdoc/>
    public void OnStopRequested(TimeSpan deadline, bool readsOn) => _finished.TrySetResult();

    /// <inheritdoc/>
    public WorkerPulse OnPing(uint number) => new(number, 0, 0, "", IsDebugged: false);

    /// <inheritdoc/>
    public void OnSupervisorGone() => Environment.Exit(3);

    /// <summary>Sends 1, 2, 3, ... to the supervisor until the process is killed.</summary>
    public async Task StreamAsync(Transport transport)
    {
        OutboundLane lane = await transport.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, CancellationToken.None);
        for (long number = 1; !_finished.Task.IsCompleted; number++)
        {
            IBufferWriter<byte> writer = lane.BeginFrame();
            Span<byte> span = writer.GetSpan(1024);
            new FrameHeader(FrameKind.OneWay, FrameFlags.None, 1, number, 0).Write(span, FrameHeader.Size);
            BinaryPrimitives.WriteInt64LittleEndian(span[FrameHeader.Size..], number);
            span[(FrameHeader.Size + 8)..1024].Fill((byte)number);
            writer.Advance(1024);
            await lane.CommitFrameAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        }
    }

    private FrameDisposition OnOneWay(scoped in InboundFrame frame)
    {
        if (modes.Contains("hold"))
        {
            return FrameDisposition.Held;
        }

        if (modes.Contains("take"))
        {
            frame.Take(keepBytes: true);
        }
        else if (modes.Contains("start"))
        {
            frame.MarkStarted();
            frame.Take(keepBytes: false);
        }
        else if (modes.Contains("return"))
        {
            FrameLease lease = frame.Take(keepBytes: true);
            lease.MarkStarted();
            _ = ReturnAsync(lease);
        }

        return FrameDisposition.Consumed;
    }

    private async Task ReturnAsync(FrameLease lease)
    {
        Transport transport = await _transport.Task;
        OutboundLane lane = await transport.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, CancellationToken.None);
        lane.BeginFrame().Write(lease.Bytes);
        await lane.CommitFrameAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        lease.Dispose();
    }

    private async Task AnswerAsync(PeerId asker, FrameHeader request, FrameLease lease)
    {
        Transport transport = await _transport.Task;
        OutboundLane lane = await transport.OpenLaneAsync(asker, LaneKind.Answer, CancellationToken.None);
        Write(lane, request, lease.Bytes);
        await lane.CommitFrameAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        lease.Dispose();
    }

    private static void Write(OutboundLane lane, FrameHeader request, ReadOnlySpan<byte> bytes)
    {
        IBufferWriter<byte> writer = lane.BeginFrame();
        Span<byte> span = writer.GetSpan(bytes.Length);
        bytes.CopyTo(span);
        new FrameHeader(FrameKind.Response, FrameFlags.None, 0, request.Correlation, 0).Write(span, FrameHeader.Size);
        writer.Advance(bytes.Length);
    }
}
