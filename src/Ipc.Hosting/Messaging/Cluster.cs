using System.Diagnostics.CodeAnalysis;
using Ipc.Dispatch;
using Ipc.Telemetry;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>What a running peer sends with: its transport, open routes and waiting requests.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly RequestTimeouts _timeouts;
    private volatile IpcException? _closed;
    private int _awaiting;

    public Cluster(Transport transport, ListenerRegistry registry, IpcPeerOptions options)
    {
        Transport = transport;
        Registry = registry;
        Options = options;
        Routes = new RouteTable(transport);
        _timeouts = new RequestTimeouts(Requests, transport.ReadAnswers, Expire);
    }

    public Transport Transport { get; }

    public ListenerRegistry Registry { get; }

    public IpcPeerOptions Options { get; }

    public RouteTable Routes { get; }

    /// <summary>What is measured of messages; <see langword="null"/> measures nothing.</summary>
    public MessageMetrics? Metrics { get; init; }

    /// <summary>What is thrown instead of a listener's exceptions.</summary>
    public ExceptionMappings Mappings { get; init; } = ExceptionMappings.None;

    /// <summary>Whether messages say when they were sent.</summary>
    public bool StampsMessages => Metrics is { MeasuresQueues: true };

    public PendingRequestTable Requests { get; } = new();

    /// <summary>
    /// Whether somebody sleeps until a request has its answer. An answer that is not awaited yet is read by whoever awaits it, or another one, later: nobody has to be woken for it.
    /// </summary>
    public bool HasAwaiting => Volatile.Read(ref _awaiting) != 0;

    /// <summary>Somebody goes to sleep until a request has its answer. A full fence; <see cref="Transport.ReadAnswers"/> is to follow.</summary>
    public void AwaitingBegins() => Interlocked.Increment(ref _awaiting);

    /// <summary>It goes on.</summary>
    public void AwaitingEnds() => Interlocked.Decrement(ref _awaiting);

    /// <summary>Takes a request out, to be completed by the caller.</summary>
    /// <param name="correlation">Its correlation.</param>
    /// <param name="request">The request.</param>
    /// <param name="answeredBy">Who answers it; only a request that went there is taken.</param>
    public bool TryTake(long correlation, [MaybeNullWhen(false)] out PendingRequest request, PeerId? answeredBy = null)
    {
        request = Requests.Take(correlation, answeredBy);
        request?.Route?.RequestEnded();
        return request is not null;
    }

    /// <summary>Watches the timeout of a request that has been published. Until then its commit does, which has no more time than the request.</summary>
    public void TrackTimeout(PendingRequest request)
    {
        if (request.DueAt != long.MaxValue)
        {
            _timeouts.Track(request.DueAt);
        }
    }

    /// <summary>Fails the requests that a dead reader had taken, and, when its inbox is given up, those that waited too.</summary>
    public void ReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
        long upTo = inboxKept ? takenPosition : long.MaxValue - 1;
        if (Routes.Find(lane) is { } route)
        {
            route.ReaderGone(upTo);
            if (!inboxKept || lane.Backing == LaneBacking.Pipe)
            {
                // A pipe ends with its reader; the successor has another.
                Routes.Remove(route);
            }
        }

        FailWhere(r => ReferenceEquals(r.Route?.Lane, lane) && r.Position <= upTo, r => PeerGone(r, reader));
    }

    /// <summary>Fails a request that was running in a process that has died.</summary>
    public void RequestInterrupted(PeerId reader, long correlation) =>
        FailWhere(r => r.Correlation == correlation && r.Peer.IsSameSlot(reader), r => PeerGone(r, reader));

    /// <summary>Adds a request; after the stop it fails at once.</summary>
    public void Add(PendingRequest request)
    {
        Requests.Add(request);

        // Pairs with Close: it sets the reason, then looks at the requests; here it is the other way round.
        Interlocked.MemoryBarrier();
        if (_closed is not null && TryTake(request.Correlation, out PendingRequest? taken))
        {
            taken.Fail(NoAnswer(taken));
        }
    }

    /// <summary>Fails every request, now and from now on, because this process stops or its connection has ended.</summary>
    public void Close(string reason, IpcError error)
    {
        Transport.ReadAnswers();
        _closed = new IpcException(error, reason);
        Interlocked.MemoryBarrier();
        FailWhere(static _ => true, NoAnswer);
    }

    /// <summary>Ends a request whose frame was published behind a reader that was dead already.</summary>
    public void FailIfTakenByDead(PendingRequest request)
    {
        // Pairs with ReaderGone: it stores the dead reader's position, then looks at the request's; here it is the other way round.
        Interlocked.MemoryBarrier();
        if (request.Route is { } route && request.Position <= route.TakenByDead && TryTake(request.Correlation, out PendingRequest? taken))
        {
            taken.Fail(PeerGone(taken, taken.Peer));
        }
    }

    /// <summary>Tells the listener that nobody waits for its answer any more.</summary>
    public async Task SendCancelAsync(OutboundRoute route, long correlation)
    {
        try
        {
            var output = route.Lane.BeginFrame();
            try
            {
                FrameEncoder.WriteEmpty(output, new FrameHeader(FrameKind.Cancel, FrameFlags.None, 0, correlation, 0));
            }
            catch
            {
                route.Lane.AbortFrame();
                throw;
            }

            await route.Lane.CommitFrameAsync(Options.SendTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IpcException e) when (e.Reason is IpcError.PeerGone or IpcError.InboxFull)
        {
            // Nothing is lost: a peer that is gone runs no listener, and one with a full inbox sees the request's deadline.
        }
    }

    public void Dispose() => _timeouts.Dispose();

    private IpcException NoAnswer(PendingRequest request) => new(_closed!.Reason, $"\"{request.Action}\" has no answer: {_closed.Message}");

    private static IpcException PeerGone(PendingRequest request, PeerId reader) => new(
        IpcError.PeerGone, $"{reader} ended while it was handling \"{request.Action}\". The request is not repeated: the listener may have done a part of its work.");

    private void FailWhere(Func<PendingRequest, bool> condition, Func<PendingRequest, Exception> error)
    {
        foreach (PendingRequest request in Requests.TakeWhere(condition))
        {
            request.Route?.RequestEnded();
            request.Fail(error(request));
        }
    }

    private void Expire(PendingRequest request)
    {
        OutboundRoute? route = request.Route;
        long correlation = request.Correlation;
        route?.RequestEnded();
        request.Fail(new IpcException(
            IpcError.Timeout,
            FormattableString.Invariant($"{request.Peer} did not answer \"{request.Action}\" within {request.Timeout} (Ipc:RequestTimeout or RequestOptions.Timeout).")));
        if (route is not null)
        {
            _ = SendCancelAsync(route, correlation);
        }
    }
}
