using System.Collections.Concurrent;
using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ipc.Dispatch;

/// <summary>Gives arrived messages to their listeners.</summary>
/// <remarks>
/// Messages of one sender to one action start in the order of their sending, each when the last has ended; messages of other senders and to other actions do not wait for
/// them. Where the transport hands over from a reader that is blocked, a listener runs on the transport's thread until its first incomplete await;
/// elsewhere on the pool. What waits or runs outside its lane is bounded in all and per sender; beyond that the sender's lane stands still.
/// </remarks>
internal sealed class Dispatcher : IAsyncDisposable
{
    private const int MaxPooledRuns = 256;
    private const int MinSenderQuota = 8;

    private readonly ListenerRegistry _registry;
    private readonly IpcOptions _options;
    private readonly IpcMetrics _metrics;
    private readonly ILogger _logger;
    private readonly IServiceScopeFactory _scopes;
    private readonly ConcurrentBag<MessageRun> _pool = [];
    private readonly ConcurrentDictionary<InboundLane, SenderState> _senders = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<SenderState> _held = [];
    private readonly TaskCompletionSource<Cluster> _cluster = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pooled;
    private int _pending;
    private int _running;
    private bool _isDraining;

    public Dispatcher(
        ListenerRegistry registry, IServiceProvider services, IpcOptions options, bool hasFilters, IpcMetrics metrics, ILogger<Dispatcher> logger)
    {
        _registry = registry;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        Services = services;
        HasFilters = hasFilters;
    }

    /// <summary>The root provider.</summary>
    public IServiceProvider Services { get; }

    public bool HasFilters { get; }

    /// <summary>Signalled when the time for running listeners is over.</summary>
    public CancellationToken Stopping => _stopping.Token;

    private int SenderQuota => Math.Max(MinSenderQuota, _options.MaxPendingMessages / 2);

    /// <summary>Frames may arrive a moment before this; their answers wait for it.</summary>
    public void Attach(Cluster cluster) => _cluster.TrySetResult(cluster);

    /// <summary>A message or request has arrived.</summary>
    public FrameDisposition OnMessage(scoped in InboundFrame frame, FrameHeader header, int bodyOffset)
    {
        SenderState sender = frame.Lane.ReceiverState as SenderState ?? AddSender(frame.Lane);
        if (!_registry.TryGet(header.ActionHash, out ActionEntry? entry) || (header.Kind == FrameKind.Request && entry.Answering is null))
        {
            return Refuse(frame, header, sender, entry);
        }

        if (!TryStart())
        {
            return FrameDisposition.Held;
        }

        ActionLane? lane = entry.Concurrent ? null : sender.GetLane(entry);
        bool inline = frame.Lane.HandsOver && !HasFilters && entry.Listeners.Length == 1 && (entry.SingletonsExist || entry.NeedsScope) && HasRoom(sender);
        if (inline && (lane is null || lane.TryEnter()))
        {
            RunInline(frame, header, bodyOffset, sender, entry, lane);
            return FrameDisposition.Consumed;
        }

        if (!TryReserve(sender))
        {
            Ended();
            return FrameDisposition.Held;
        }

        MessageRun run = Rent();
        run.Begin(sender, entry, lane, header, bodyOffset);
        run.Hold(frame.Take(keepBytes: true));
        if (lane is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);
        }
        else if (lane.Enqueue(run))
        {
            StartNext(lane);
        }

        return FrameDisposition.Consumed;
    }

    /// <summary>The asker gave a request up.</summary>
    public static void OnCancel(InboundLane lane, long correlation) => (lane.ReceiverState as SenderState)?.Cancel(correlation);

    /// <summary>Nobody waits for the answers to an asker that is no longer there.</summary>
    public void OnDirectoryChanged(PeerDirectory directory)
    {
        foreach (SenderState sender in _senders.Values)
        {
            if (directory.Find(sender.Id)?.Id.Incarnation != sender.Id.Incarnation && _senders.TryRemove(sender.Lane, out _))
            {
                sender.Gone();
            }
        }
    }

    /// <summary>Takes no more messages and waits for what runs; at the deadline the listeners' tokens are signalled.</summary>
    public async Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isDraining = true;
            if (_running == 0)
            {
                _drained.TrySetResult();
            }
        }

        try
        {
            await _drained.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            MessagingLog.DrainTimedOut(_logger, Volatile.Read(ref _running), timeout);
            CancelAll();
        }
    }

    public async ValueTask DisposeAsync()
    {
        CancelAll();
        await _registry.DisposeSingletonsAsync().ConfigureAwait(false);
    }

    /// <summary>Signals a token without running what is registered on it here: that is user code, and this may be the thread that reads for everybody.</summary>
    internal void Cancel(CancellationTokenSource source) =>
        source.CancelAsync().ContinueWith(
            static (task, state) => MessagingLog.CancellationCallbackFailed((ILogger)state!, task.Exception!),
            _logger,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    internal AsyncServiceScope CreateScope() => _scopes.CreateAsyncScope();

    internal void ListenerFailed(Type listener, string action, PeerId sender, Exception error) =>
        MessagingLog.ListenerFailed(_logger, listener, action, sender, error);

    internal void BadMessage(string action, PeerId sender, string reason)
    {
        _metrics.Undeliverable("bad-message");
        MessagingLog.BadMessage(_logger, action, sender, reason);
    }

    /// <summary>What the asker is told about an exception.</summary>
    internal RemoteError Describe(Exception error, string action, bool canceled)
    {
        if (error is Serialization.MessageFormatException)
        {
            return new RemoteError(IpcError.BadMessage, null, $"\"{action}\" could not be decoded: {error.Message}", null);
        }

        return canceled
            ? new RemoteError(IpcError.Canceled, null, $"\"{action}\" was cancelled.", null)
            : new RemoteError(
                IpcError.ListenerFailed,
                error.GetType().FullName,
                error.Message,
                _options.IncludeRemoteStackTraces ? error.StackTrace : null);
    }

    /// <summary>Sends an answer or an error. Never throws: an asker that cannot be reached has given up or is gone.</summary>
    internal ValueTask AnswerAsync<TBody>(SenderState sender, long correlation, string action, FrameKind kind, TBody body)
        where TBody : struct, IFrameBody
    {
        if (sender.Answers is { } route)
        {
            try
            {
                ValueTask<long> commit = WriteAnswer(route, correlation, kind, body);
                return commit.IsCompletedSuccessfully ? default : AwaitAnswerAsync(commit, sender, correlation, action, kind);
            }
            catch (Exception e)
            {
                return AwaitAnswerAsync(ValueTask.FromException<long>(e), sender, correlation, action, kind);
            }
        }

        return AnswerFirstAsync(sender, correlation, action, kind, body);
    }

    internal void ReleasePending(SenderState sender)
    {
        List<SenderState>? resumed = null;
        lock (_gate)
        {
            _pending--;
            sender.Pending--;
            if (_held.Count > 0 && !_isDraining)
            {
                resumed = _held.FindAll(HasRoom_NeedsLock);
                foreach (SenderState state in resumed)
                {
                    state.IsHeld = false;
                    _held.Remove(state);
                }
            }
        }

        if (resumed is not null)
        {
            foreach (SenderState state in resumed)
            {
                state.Lane.Resume();
            }
        }
    }

    /// <summary>A run has ended; its lane goes on.</summary>
    internal void Finished(ActionLane? lane)
    {
        if (lane is not null)
        {
            StartNext(lane);
        }

        Ended();
    }

    internal void Return(MessageRun run)
    {
        // Counted beside the bag: asking the bag itself locks it.
        if (Interlocked.Increment(ref _pooled) <= MaxPooledRuns)
        {
            _pool.Add(run);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
        }
    }

    private static void StartNext(ActionLane lane)
    {
        if (lane.Next() is { } run)
        {
            ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);
        }
    }

    private void RunInline(
        scoped in InboundFrame frame, FrameHeader header, int bodyOffset, SenderState sender, ActionEntry entry, ActionLane? lane)
    {
        frame.MarkStarted();
        MessageRun run = Rent();
        run.Begin(sender, entry, lane, header, bodyOffset);
        if (run.RunInline(frame, out ValueTask running))
        {
            run.Finish();
            return;
        }

        lock (_gate)
        {
            // It runs already, so it is counted even where there is no room left.
            _pending++;
            sender.Pending++;
        }

        run.FinishLater(running, frame.Take(keepBytes: false));
    }

    private FrameDisposition Refuse(scoped in InboundFrame frame, FrameHeader header, SenderState sender, ActionEntry? entry)
    {
        frame.MarkStarted();
        if (header.Kind == FrameKind.Request)
        {
            string reason = entry is null
                ? "The target has no listener for the action."
                : $"The target has listeners for \"{entry.Action}\", but none that answers: implement IListener<TRequest, TResponse>, or use SendAsync.";
            ValueTask answer = AnswerAsync(
                sender,
                header.Correlation,
                entry?.Action ?? "?",
                FrameKind.Error,
                new TypedBody<RemoteError>(RemoteError.Serializer, new RemoteError(IpcError.NoListener, null, reason, null)));
            _ = answer.AsTask();
            return FrameDisposition.Consumed;
        }

        _metrics.Undeliverable("no-listener");
        MessagingLog.NoListener(_logger, sender.Id, header.ActionHash);
        return FrameDisposition.Consumed;
    }

    private SenderState AddSender(InboundLane lane)
    {
        var sender = new SenderState(lane);
        lane.ReceiverState = sender;
        _senders.TryAdd(lane, sender);
        return sender;
    }

    private bool TryStart()
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                return false;
            }

            _running++;
            return true;
        }
    }

    private void Ended()
    {
        lock (_gate)
        {
            if (--_running == 0 && _isDraining)
            {
                _drained.TrySetResult();
            }
        }
    }

    private bool TryReserve(SenderState sender)
    {
        lock (_gate)
        {
            if (HasRoom_NeedsLock(sender))
            {
                _pending++;
                sender.Pending++;
                return true;
            }

            if (!sender.IsHeld)
            {
                sender.IsHeld = true;
                _held.Add(sender);
            }

            return false;
        }
    }

    private bool HasRoom(SenderState sender)
    {
        lock (_gate)
        {
            return HasRoom_NeedsLock(sender);
        }
    }

    private bool HasRoom_NeedsLock(SenderState sender) => _pending < _options.MaxPendingMessages && sender.Pending < SenderQuota;

    private MessageRun Rent()
    {
        if (!_pool.TryTake(out MessageRun? run))
        {
            return new MessageRun(this);
        }

        Interlocked.Decrement(ref _pooled);
        return run;
    }

    private void CancelAll()
    {
        Cancel(_stopping);
        foreach (SenderState sender in _senders.Values)
        {
            sender.Gone();
        }
    }

    private static ValueTask<long> WriteAnswer<TBody>(OutboundRoute route, long correlation, FrameKind kind, TBody body, TimeSpan timeout)
        where TBody : struct, IFrameBody
    {
        var output = route.Lane.BeginFrame();
        try
        {
            FrameEncoder.Write(output, new FrameHeader(kind, FrameFlags.None, 0, correlation, 0), null, body);
        }
        catch
        {
            route.Lane.AbortFrame();
            throw;
        }

        return route.Lane.CommitFrameAsync(timeout, CancellationToken.None);
    }

    private ValueTask<long> WriteAnswer<TBody>(OutboundRoute route, long correlation, FrameKind kind, TBody body)
        where TBody : struct, IFrameBody => WriteAnswer(route, correlation, kind, body, _options.SendTimeout);

    private async ValueTask AnswerFirstAsync<TBody>(SenderState sender, long correlation, string action, FrameKind kind, TBody body)
        where TBody : struct, IFrameBody
    {
        ValueTask<long> commit;
        try
        {
            Cluster cluster = await _cluster.Task.ConfigureAwait(false);
            sender.Answers ??= await cluster.Routes.GetAsync(sender.Id, LaneKind.Answer, CancellationToken.None).ConfigureAwait(false);
            commit = WriteAnswer(sender.Answers, correlation, kind, body);
        }
        catch (Exception e)
        {
            commit = ValueTask.FromException<long>(e);
        }

        await AwaitAnswerAsync(commit, sender, correlation, action, kind).ConfigureAwait(false);
    }

    private async ValueTask AwaitAnswerAsync(ValueTask<long> commit, SenderState sender, long correlation, string action, FrameKind kind)
    {
        try
        {
            await commit.ConfigureAwait(false);
        }
        catch (IpcException e) when (e.Reason != IpcError.MessageTooLarge || kind == FrameKind.Error)
        {
            MessagingLog.AnswerUndeliverable(_logger, action, sender.Id, e.Message);
        }
        catch (Exception e) when (kind == FrameKind.Response && sender.Answers is not null)
        {
            // The answer itself cannot be written: too large, or its own code throws. The asker is told.
            var error = new TypedBody<RemoteError>(
                RemoteError.Serializer,
                e is IpcException tooLarge ? new RemoteError(tooLarge.Reason, null, $"The answer to \"{action}\": {e.Message}", null) : Describe(e, action, canceled: false));
            await AnswerAsync(sender, correlation, action, FrameKind.Error, error).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            MessagingLog.AnswerUndeliverable(_logger, action, sender.Id, e.Message);
        }
    }
}
