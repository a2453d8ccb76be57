using Ipc.Contracts;
using Ipc.Dispatch;
using Ipc.Health;
using Ipc.Topics;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ipc.Messaging;

/// <summary>One peer of a cluster: joins what it listens to, what it sends, and the transport that it is attached to while its host runs.</summary>
internal sealed class Peer : ITransportReceiver, IAsyncDisposable
{
    private TaskCompletionSource<Cluster> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IpcMetrics _metrics;
    private readonly QuietLogger _logger;
    private readonly ExceptionMappings _mappings;
    private readonly ContractCheck _contracts;
    private readonly PeerPresence? _presence; // where somebody listens to it
    private TaskCompletionSource _directoryChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IpcException? _stopped;
    private TaskCompletionSource? _named;
    private Action? _wantsId;
    private int _turn;

    public Peer(
        IpcRegistration registration,
        IpcPeerOptions options,
        IServiceProvider services,
        System.Diagnostics.Metrics.IMeterFactory meters,
        ILogger<Peer> logger,
        ILogger<Dispatcher> dispatcherLogger)
    {
        Id = registration.Self;
        Options = options;
        _logger = new QuietLogger(logger);
        _metrics = new IpcMetrics(meters, Id);
        ServedContract[] served = [.. services.GetServices<ServedContract>()];
        Array.ForEach(served, one => one.ThrowIfRegisteredOtherwise(registration.Services));
        Registry = ListenerRegistry.Create(
            registration.Wirings,
            Id.Kind switch { PeerKind.Supervisor => ListenerPlaces.Supervisor, PeerKind.Client => ListenerPlaces.Clients, _ => ListenerPlaces.Workers },
            served,
            Options.MaxMessageSize);
        _contracts = new ContractCheck([.. services.GetServices<ProxiedContract>().Distinct().Select(proxied => Registry.Contracts.Get(proxied.Contract))], _logger);
        _mappings = new ExceptionMappings(services.GetServices<ExceptionMapping>());
        bool hasFilters = services.GetService<IServiceProviderIsService>()?.IsService(typeof(IListenerFilter)) ?? false;
        Dispatcher = new Dispatcher(Registry, services, Options, hasFilters, _metrics, dispatcherLogger) { Self = Id };
        Sender = new MessageSender(this);
        Topics = new PeerTopics(this);
        if (Registry.TryGetEvent(PeerJoined.EventName, out _) || Registry.TryGetEvent(PeerLeft.EventName, out _))
        {
            _presence = new PeerPresence(Dispatcher.Events);
        }
    }

    /// <summary>Who this is; of a standby it changes before anything is sent or received, of a client each time that it joins.</summary>
    public PeerId Id { get; private set; }

    public IpcPeerOptions Options { get; }

    public ListenerRegistry Registry { get; }

    public Dispatcher Dispatcher { get; }

    public IMessageSender Sender { get; }

    public PeerTopics Topics { get; }

    public IpcMetrics Metrics => _metrics;

    /// <summary>What to send with; <see langword="null"/> before the start and after the stop.</summary>
    public Cluster? Running => Volatile.Read(ref _stopped) is null && Volatile.Read(ref _running).Task is { IsCompletedSuccessfully: true } running ? running.Result : null;

    /// <summary>What a client waits for while it is not connected, in words.</summary>
    public string? Absence
    {
        get;
        set => field = value?.TrimEnd('.'); // it stands inside of other sentences
    }

    /// <summary>How a worker is: whether it is a part of its cluster now.</summary>
    public ClusterHealth CheckOwnHealth() => Running is not { } cluster
        ? ClusterHealth.Unhealthy(Absence is { } absence ? $"{absence}." : $"{Id} is not connected to its supervisor.")
        : cluster.Transport.Directory.Find(Id) is { IsReady: true } row && row.Id == Id
            ? ClusterHealth.Healthy($"{Id} is connected to its supervisor, and ready.")
            : ClusterHealth.Unhealthy($"{Id} is connected to its supervisor, and not ready yet.");

    /// <summary>The transport is open: from now on this peer sends and receives.</summary>
    public void Attach(Transport transport)
    {
        var cluster = new Cluster(transport, Registry, Options) { Metrics = _metrics.Messages, Mappings = _mappings };
        Dispatcher.Answers.Attach(cluster);
        Dispatcher.Streams.Attach(cluster);
        _running.TrySetResult(cluster);
        Topics.AnnounceAgain();
        Volatile.Read(ref _named)?.TrySetResult();
    }

    /// <summary>
    /// The connection has ended, and another one may come: what waits for an answer fails, and what is sent from now on waits for <see cref="Attach"/>. The transport has been disposed, so
    /// that nothing of it comes any more.
    /// </summary>
    public void Detach(string reason)
    {
        TaskCompletionSource<Cluster> running = _running;
        if (!running.Task.IsCompletedSuccessfully)
        {
            return;
        }

        Interlocked.Exchange(ref _running, new TaskCompletionSource<Cluster>(TaskCreationOptions.RunContinuationsAsynchronously)); // pairs with Stop, which sets the reason first
        Dispatcher.Detach(reason);
        _presence?.Update(Id, PeerDirectory.Empty);
        Cluster cluster = running.Task.Result;
        cluster.Close(reason, IpcError.PeerGone);
        cluster.Dispose();
        if (Volatile.Read(ref _stopped) is { } stopped)
        {
            _running.TrySetException(stopped); // it stopped meanwhile, and has not seen this one
            _ = _running.Task.Exception;
        }

        // Whoever waits for somebody to become ready finds that this connection has ended.
        Volatile.Read(ref _directoryChanged).TrySetResult();
    }

    /// <summary>This process waits for its worker id: until it has got one, sends wait, without a limit of their own.</summary>
    /// <param name="wantsId">Called when somebody sends meanwhile; perhaps several times.</param>
    public void Hold(Action wantsId)
    {
        _wantsId = wantsId;
        Volatile.Write(ref _named, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>This process has got its worker id.</summary>
    public void Rename(PeerId id)
    {
        Id = id;
        Dispatcher.Self = id;
    }

    /// <summary>Waits, in a process that is held, for its worker id: before the time of a send begins to count.</summary>
    public ValueTask WhenNamedAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _named) is not { Task.IsCompleted: false } named)
        {
            return default;
        }

        _wantsId!();
        return new ValueTask(named.Task.WaitAsync(cancellationToken));
    }

    /// <summary>Sending throws from now on, and what waits for an answer fails.</summary>
    public void Stop(string reason)
    {
        var error = new IpcException(IpcError.NotRunning, reason);
        if (Interlocked.CompareExchange(ref _stopped, error, null) is not null)
        {
            return;
        }

        if (!_running.TrySetException(error) && _running.Task.IsCompletedSuccessfully)
        {
            _running.Task.Result.Close(reason, IpcError.NotRunning);
        }

        Volatile.Read(ref _named)?.TrySetResult(); // who waits finds that this peer has stopped
        Dispatcher.Streams.Close(reason);

        // Whoever waits for somebody to become ready looks again, and finds that this peer has stopped.
        Volatile.Read(ref _directoryChanged).TrySetResult();

        // Nobody may be waiting; an unobserved failure of this task is not news.
        _ = _running.Task.Exception;
    }

    /// <summary>Waits until this peer is attached.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>.</exception>
    public async ValueTask<Cluster> WhenRunningAsync(StartWait wait, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _stopped) is { } stopped)
        {
            throw new IpcException(stopped.Reason, stopped.Message);
        }

        try
        {
            return await Volatile.Read(ref _running).Task.WaitAsync(wait.Left, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new IpcException(
                IpcError.NotRunning,
                Absence is { } absence
                    ? $"{absence}, for {wait}, so nothing was sent."
                    : $"The host has not started within {wait}, so nothing was sent. Sending works from StartAsync of hosted services on.");
        }
    }

    /// <summary>Waits until the directory is another than the given one.</summary>
    /// <returns><see langword="false"/> when no time was left first.</returns>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>: this peer has stopped, or its connection has ended.</exception>
    public async ValueTask<bool> WaitForDirectoryAsync(Cluster cluster, PeerDirectory known, StartWait wait, CancellationToken cancellationToken)
    {
        if (await WhenRunningAsync(wait, cancellationToken).ConfigureAwait(false) != cluster)
        {
            throw new IpcException(IpcError.NotRunning, "The connection ended before it was known who listens, so nothing was sent.");
        }

        Task changed = Volatile.Read(ref _directoryChanged).Task;
        if (!ReferenceEquals(cluster.Transport.Directory, known))
        {
            return true;
        }

        try
        {
            await changed.WaitAsync(wait.Left, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>A number that is another one each time, for taking turns.</summary>
    public int NextTurn() => Interlocked.Increment(ref _turn);

    FrameDisposition ITransportReceiver.OnFrame(scoped in InboundFrame frame)
    {
        if (!FrameHeader.TryRead(frame.Bytes, out FrameHeader header, out int bodyOffset))
        {
            frame.Lane.Fault($"{frame.Lane.Remote} sent {frame.Bytes.Length} bytes that are not a frame of version {FrameHeader.Version}.");
            return FrameDisposition.Consumed;
        }

        bool isForInbox = header.Kind is FrameKind.OneWay or FrameKind.Request or FrameKind.Cancel;
        if (isForInbox != (frame.Lane.Kind == LaneKind.Inbox))
        {
            frame.Lane.Fault($"{frame.Lane.Remote} sent a frame of the kind {header.Kind} on a lane of the kind {frame.Lane.Kind}.");
            return FrameDisposition.Consumed;
        }

        switch (header.Kind)
        {
            case FrameKind.OneWay:
            case FrameKind.Request:
                return Dispatcher.OnMessage(frame, header, bodyOffset);
            case FrameKind.Cancel:
                Dispatch.Dispatcher.OnCancel(frame.Lane, header.Correlation);
                return FrameDisposition.Consumed;
            case >= FrameKind.StreamData:
                Dispatcher.Streams.OnFrame(frame, header, bodyOffset);
                return FrameDisposition.Consumed;
            default:
                OnAnswer(frame, header, bodyOffset);
                return FrameDisposition.Consumed;
        }
    }

    bool ITransportReceiver.ExpectsAnswers => Running is not { } cluster || cluster.HasAwaiting || !Dispatcher.Streams.IsEmpty;

    void ITransportReceiver.OnDirectoryChanged(PeerDirectory directory)
    {
        TaskCompletionSource changed = Interlocked.Exchange(
            ref _directoryChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        changed.TrySetResult();
        Dispatcher.OnDirectoryChanged(directory);
        _presence?.Update(Id, directory);
        _contracts.Compare(Id, directory);
    }

    void ITransportReceiver.OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
        Running?.ReaderGone(lane, reader, takenPosition, inboxKept);
        if (lane.Kind == LaneKind.Answer)
        {
            Dispatcher.Streams.PeerGone(lane.Remote);
        }
    }

    void ITransportReceiver.OnRequestInterrupted(PeerId reader, long correlation) => Running?.RequestInterrupted(reader, correlation);

    public async ValueTask DisposeAsync()
    {
        Stop("the host has been disposed.");
        if (_running.Task.IsCompletedSuccessfully)
        {
            _running.Task.Result.Dispose();
        }

        await Dispatcher.DisposeAsync().ConfigureAwait(false);
    }

    private void OnAnswer(scoped in InboundFrame frame, FrameHeader header, int bodyOffset)
    {
        // Correlations are guessable numbers: only the peer that was asked may answer, or its successor.
        if (Running is not { } cluster || !cluster.TryTake(header.Correlation, out PendingRequest? request, frame.Lane.Remote))
        {
            _metrics.LateAnswer();
            return;
        }

        ReadOnlySpan<byte> body = frame.Bytes[bodyOffset..];
        if (header.Kind == FrameKind.Response)
        {
            request.Complete(body);
            return;
        }

        try
        {
            var reader = new Serialization.MessagePackReader(body);
            request.Fail(RemoteError.Serializer.Read(ref reader).ToException(frame.Lane.Remote, request.Action));
        }
        catch (Serialization.MessageFormatException e)
        {
            MessagingLog.UnreadableError(_logger, frame.Lane.Remote, request.Action, e);
            request.Fail(new IpcException(IpcError.BadMessage, $"{frame.Lane.Remote} failed \"{request.Action}\" for a reason that could not be read: {e.Message}", e));
        }
    }
}
