using System.Collections.Concurrent;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Memory;
using Ipc.Transports.Pipes;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Lanes;

/// <summary>The ends of all lanes of one process. Concurrent opens of one lane share one; the broker's news reach the lane that they are about.</summary>
internal sealed partial class LaneTable : ILaneEnds, IRingObserver, IAsyncDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);

    private PeerId _self;
    private readonly TransportLimits _limits;
    private readonly ITransportReceiver _receiver;
    private readonly ILaneRequests _requests;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<LaneKey, OutboundLane> _usable = new();
    private readonly ConcurrentDictionary<long, OutboundLane> _outbound = new();
    private readonly ConcurrentDictionary<long, PipeInboundLane> _inboundPipes = new();
    private readonly DeathNews _deathNews = new();
    private readonly Lock _opening = new(); // also: a lane is added before the end of the process is seen, or not at all
    private readonly Dictionary<LaneKey, PendingLane> _pendingByKey = [];
    private readonly Dictionary<uint, PendingLane> _pendingById = [];
    private uint _lastRequest;
    private readonly ReaderThreads _threads = new();
    private RingReaderLoop? _rings;
    private IpcException? _brokerGone;
    private bool _disposed;

    /// <summary>Makes an empty table.</summary>
    public LaneTable(PeerId self, TransportLimits limits, ITransportReceiver receiver, ILaneRequests requests, ILogger logger)
    {
        _self = self;
        _limits = limits;
        _receiver = receiver;
        _requests = requests;
        _logger = logger;
    }

    private sealed class PendingLane(uint requestId, LaneKey key)
    {
        public uint RequestId { get; } = requestId;

        public LaneKey Key { get; } = key;

        public TaskCompletionSource<OutboundLane> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>This process has another name from now on: before its first lane.</summary>
    public void Rename(PeerId self) => _self = self;

    /// <summary>Starts what reads rings ahead of <see cref="EnableRings"/>: messages may wait for it then.</summary>
    public void PrepareRings() => _threads.Prepare(RingReaderLoop.FirstThreads);

    /// <summary>Makes rings possible: before the first lane. Nothing happens in a process that has ended meanwhile.</summary>
    /// <param name="doorbell">This process's own; from now on owned by this object.</param>
    /// <param name="ledger">This worker id's, or none; as the doorbell.</param>
    public void EnableRings(DoorbellSegment doorbell, LedgerSegment? ledger)
    {
        lock (_opening)
        {
            if (!_disposed)
            {
                _rings = new RingReaderLoop(doorbell, _receiver, this, _limits, ledger, RingLoopOptions.From(_limits) with { Threads = _threads });
                _rings.Start();
                return;
            }
        }

        doorbell.Dispose();
        ledger?.Dispose();
    }

    /// <summary>How often the reading of rings was taken over from a thread that was late.</summary>
    public long HandOvers => _rings?.HandOvers ?? 0;

    /// <summary>See <see cref="Transport.PollAnswers"/>.</summary>
    public void PollAnswers(IAnswerWaiter waiter) => _rings?.PollAnswers(waiter);

    /// <summary>See <see cref="Transport.ReadAnswers"/>.</summary>
    public bool ReadAnswers() => _rings?.ReadAnswers() ?? true;

    /// <summary>See <see cref="Transport.OpenLaneAsync"/>.</summary>
    public ValueTask<OutboundLane> OpenAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken)
    {
        LaneKey key = LaneKey.For(remote, kind);
        return _usable.TryGetValue(key, out OutboundLane? lane) && lane is not PipeOutboundLane { IsClosed: true }
            ? new ValueTask<OutboundLane>(lane)
            : OpenNewAsync(remote, key, cancellationToken);
    }

    /// <inheritdoc/>
    public bool IsBehind => false;

    /// <inheritdoc/>
    public void OnOpened(uint requestId, LaneDescription lane, FileDescriptor[] descriptors)
    {
        PendingLane? pending;
        lock (_opening)
        {
            _pendingById.Remove(requestId, out pending);
            if (requestId == LaneDescription.NotAskedFor && LaneKey.For(lane.Remote, lane.Kind) is var key && !_pendingByKey.ContainsKey(key))
            {
                _pendingByKey.Add(key, pending = new PendingLane(requestId, key));
            }
        }

        if (pending is null)
        {
            DisposeAll(descriptors); // of one that was not asked for: an own request is under way, and its lane replaces this one
            return;
        }

        OutboundLane opened;
        try
        {
            opened = lane.Backing == LaneBacking.Pipe
                ? new PipeOutboundLane(lane.LaneId, descriptors[0], lane.Remote, lane.Kind, _limits.MaxMessageSize)
                : OpenRing(lane, descriptors);
        }
#pragma warning disable CA1031 // Whatever it is: who waits for the lane is told, and the next one may ask again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            DisposeAll(descriptors);
            Finish(pending, null, new IpcException(IpcError.NotRunning, $"{_self} could not open its lane to {lane.Remote}: {error.Message}", error));
            return;
        }

        lock (_opening)
        {
            if (!_disposed)
            {
                _outbound[lane.LaneId] = opened;
                _usable[pending.Key] = opened;
                Finish(pending, opened, null);
                return;
            }
        }

        IpcException stopped = Stopped();
        Close(opened, stopped.Message);
        Finish(pending, null, stopped);
    }

    /// <inheritdoc/>
    public void OnRefused(uint requestId, IpcError reason, string message)
    {
        PendingLane? pending;
        lock (_opening)
        {
            _pendingById.Remove(requestId, out pending);
        }

        if (pending is not null)
        {
            Finish(pending, null, new IpcException(reason, message));
        }
    }

    /// <inheritdoc/>
    public void OnInbound(LaneDescription lane, FileDescriptor[] descriptors)
    {
        if (lane.Kind == LaneKind.Answer)
        {
            _deathNews.LaneOpened(lane.Remote);
        }

        try
        {
            if (lane.Backing == LaneBacking.Pipe)
            {
                AttachPipe(lane, descriptors[0]);
                return;
            }

            using DoorbellSegment writer = DoorbellSegment.Open(descriptors[1].IntoFile(), isOwner: false);
            Rings.Attach(descriptors[0].IntoFile(), lane.SegmentLength, lane.Remote, lane.Kind, writer, lane.LaneId);
        }
        catch (ObjectDisposedException)
        {
            DisposeAll(descriptors); // this process is about to end: the ring waits for its successor
            InboundEnded(lane.Remote, lane.Kind);
        }
#pragma warning disable CA1031 // Whatever it is: this lane cannot be read, and its writer is told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            DisposeAll(descriptors);
            InboundEnded(lane.Remote, lane.Kind);
            _requests.Fault(lane.LaneId, error.Message);
        }
    }

    /// <inheritdoc/>
    public void OnFaulted(long laneId, string reason)
    {
        if (_outbound.TryGetValue(laneId, out OutboundLane? lane))
        {
            // Nobody can say how far the reader of a dropped ring got: every request that has no answer fails.
            EndOutbound(laneId, lane, lane.Remote, long.MaxValue, $"it dropped the lane ({reason})");
        }
    }

    /// <inheritdoc/>
    public void OnReaderLeaving(long laneId)
    {
        if (_outbound.TryGetValue(laneId, out OutboundLane? lane) && lane is PipeOutboundLane pipe)
        {
            _usable.TryRemove(KeyValuePair.Create(LaneKey.For(lane.Remote, lane.Kind), lane));
            pipe.Leave();
        }
    }

    /// <inheritdoc/>
    public void OnReaderGone(long laneId, PeerId reader, long takenPosition, bool inboxKept, FileDescriptor[] descriptors)
    {
        if (!_outbound.TryGetValue(laneId, out OutboundLane? lane))
        {
            DisposeAll(descriptors);
            return;
        }

        string reason = "its process has ended";
        if (lane is RingWriter ring && inboxKept && descriptors.Length > 0)
        {
            try
            {
                using DoorbellSegment successor = DoorbellSegment.Open(descriptors[0].IntoFile(), isOwner: false);
                ring.SetReaderDoorbell(successor);
                _deathNews.Tell(reader, () => _receiver.OnReaderGone(lane, reader, takenPosition, inboxKept: true));
                return;
            }
            catch (SharedMemoryException error)
            {
                // What was published waits for the successor, and the next open makes a lane that it can be woken for.
                ControlLog.LaneNotKept(_logger, error, lane.Kind, lane.Remote);
                reason = error.Message;
            }
        }

        DisposeAll(descriptors);
        EndOutbound(laneId, lane, reader, takenPosition, reason, isDead: true);
    }

    /// <inheritdoc/>
    public void OnInterrupted(PeerId reader, IReadOnlyList<long> correlations) => _deathNews.Tell(reader, () =>
    {
        foreach (long correlation in correlations)
        {
            _receiver.OnRequestInterrupted(reader, correlation);
        }
    });

    /// <inheritdoc/>
    public void LaneFaulted(RingReader lane, string reason)
    {
        InboundEnded(lane.Remote, lane.Kind);
        _requests.Fault(lane.RingId, reason);
    }

    /// <inheritdoc/>
    public void LaneDrained(RingReader lane)
    {
        InboundEnded(lane.Remote, lane.Kind);
        _requests.Ended(lane.RingId);
    }

    /// <inheritdoc/>
    public void LaneBroken(RingWriter lane, string reason)
    {
        // The next open makes another ring; the broker closes this one then, and what was published in it is still read, as far as that can be.
        ControlLog.LaneBroken(_logger, lane.Kind, lane.Remote, reason);
        EndOutbound(lane.RingId, lane, lane.Remote, long.MaxValue, reason);
    }

    /// <inheritdoc/>
    public void ReceiverFailed(RingReader lane, Exception exception) =>
        ControlLog.ReceiverFailedOnce(_logger, exception, lane.Kind, lane.Remote);

    /// <summary>The broker has gone: no lane that is being opened will come, nor any later one.</summary>
    public void BrokerGone(IpcException error)
    {
        PendingLane[] pending;
        lock (_opening)
        {
            _brokerGone ??= error;
            pending = [.. _pendingById.Values];
            _pendingById.Clear();
            _pendingByKey.Clear();
        }

        foreach (PendingLane waiting in pending)
        {
            waiting.Done.TrySetException(error);
        }
    }

    /// <summary>Lets published frames go out, then ends every lane; who waits fails.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_opening)
        {
            Volatile.Write(ref _disposed, true);
        }

        BrokerGone(Stopped());
        Task flushed = Task.WhenAll(_outbound.Values.OfType<PipeOutboundLane>().Select(l => l.FlushAsync()));
        await Task.WhenAny(flushed, Task.Delay(FlushTime)).ConfigureAwait(false);
        foreach (OutboundLane lane in _outbound.Values)
        {
            Close(lane, $"{_self} has stopped");
        }

        foreach (PipeInboundLane lane in _inboundPipes.Values)
        {
            lane.Dispose();
        }

        if (_rings is not null)
        {
            await _rings.DisposeAsync().ConfigureAwait(false);
        }

        _threads.Dispose();
    }

    private RingReaderLoop Rings => _rings ?? throw new SharedMemoryException(SharedMemoryFailure.NotAsAgreed, $"{_self} was given a ring but no doorbell.");

    private static void Close(OutboundLane lane, string reason)
    {
        switch (lane)
        {
            case PipeOutboundLane pipe:
                pipe.Close(reason);
                break;
            case RingWriter ring:
                ring.Dispose();
                break;
        }
    }

    private static void DisposeAll(FileDescriptor[] descriptors)
    {
        foreach (FileDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }
    }

    private async ValueTask<OutboundLane> OpenNewAsync(PeerId remote, LaneKey key, CancellationToken cancellationToken)
    {
        PendingLane? pending;
        bool isNew = false;
        lock (_opening)
        {
            if (_brokerGone is { } gone)
            {
                throw new IpcException(gone.Reason, gone.Message);
            }

            // Looked at again under the lock: an open that was under way may have ended since.
            if (_usable.TryGetValue(key, out OutboundLane? lane) && lane is not PipeOutboundLane { IsClosed: true })
            {
                return lane;
            }

            if (!_pendingByKey.TryGetValue(key, out pending))
            {
                pending = new PendingLane(++_lastRequest, key);
                _pendingByKey.Add(key, pending);
                _pendingById.Add(pending.RequestId, pending);
                isNew = true;
            }
        }

        if (isNew)
        {
            _requests.Open(pending.RequestId, remote, key.Kind);
        }

        return await pending.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Finish(PendingLane pending, OutboundLane? lane, IpcException? error)
    {
        lock (_opening)
        {
            _pendingByKey.Remove(pending.Key);
        }

        if (lane is not null)
        {
            pending.Done.TrySetResult(lane);
        }
        else
        {
            pending.Done.TrySetException(error!);
            _ = pending.Done.Task.Exception; // nobody waits for one that was not asked for
        }
    }

    private void AttachPipe(LaneDescription lane, FileDescriptor socket)
    {
        var pipe = new PipeInboundLane(lane.LaneId, socket, lane.Remote, lane.Kind, _limits.MaxMessageSize, _receiver, _logger, OnPipeEnded);
        lock (_opening)
        {
            if (!_disposed)
            {
                _inboundPipes[lane.LaneId] = pipe;
                pipe.Start();
                return;
            }
        }

        pipe.Dispose();
        InboundEnded(lane.Remote, lane.Kind);
    }

    private RingWriter OpenRing(LaneDescription lane, FileDescriptor[] descriptors)
    {
        using DoorbellSegment reader = DoorbellSegment.Open(descriptors[1].IntoFile(), isOwner: false);
        return RingWriter.Open(descriptors[0].IntoFile(), lane.SegmentLength, lane.Remote, lane.Kind, reader, Rings, lane.LaneId);
    }

    private void InboundEnded(PeerId writer, LaneKind kind)
    {
        if (kind == LaneKind.Answer)
        {
            _deathNews.LaneEnded(writer);
        }
    }

    /// <summary>Ends a lane. What its reader had answered before it died is read first; one that lives may answer for ever.</summary>
    private void EndOutbound(long laneId, OutboundLane lane, PeerId reader, long takenPosition, string reason, bool isDead = false)
    {
        if (!_outbound.TryRemove(laneId, out _))
        {
            return; // a ring that breaks while its reader ends is told of twice
        }

        _usable.TryRemove(KeyValuePair.Create(LaneKey.For(lane.Remote, lane.Kind), lane));
        if (lane is PipeOutboundLane pipe)
        {
            pipe.Settle(reason, (position, unfinished) =>
            {
                TellGone(position);
                _requests.Lost(reader, unfinished, $"{reader} did not finish them: {reason}");
            });
            return;
        }

        Close(lane, reason);
        TellGone(takenPosition);

        void TellGone(long position)
        {
            if (isDead)
            {
                _deathNews.Tell(reader, () => _receiver.OnReaderGone(lane, reader, position, inboxKept: false));
            }
            else
            {
                _receiver.OnReaderGone(lane, reader, position, inboxKept: false);
            }
        }
    }

    private void OnPipeEnded(PipeInboundLane lane, string? fault)
    {
        _inboundPipes.TryRemove(lane.LaneId, out _);
        InboundEnded(lane.Remote, lane.Kind);
        if (Volatile.Read(ref _disposed))
        {
            return;
        }

        if (fault is not null)
        {
            _requests.Fault(lane.LaneId, fault);
        }
        else
        {
            _requests.Ended(lane.LaneId);
        }
    }

    private IpcException Stopped() => new(IpcError.NotRunning, $"{_self} has stopped.");
}
