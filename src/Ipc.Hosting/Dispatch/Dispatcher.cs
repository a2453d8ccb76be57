using System.Collections.Concurrent;
using System.Diagnostics;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Streams;
using Ipc.Telemetry;
using Ipc.Topics;
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
    private readonly ListenerRegistry _registry;
    private readonly IpcMetrics _metrics;
    private readonly QuietLogger _logger;
    private readonly IServiceScopeFactory _scopes;
    private readonly ConcurrentBag<MessageRun> _pool = [];
    private readonly ConcurrentDictionary<InboundLane, SenderState> _senders = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly DispatchBudget _budget;
    private PeerDirectory? _directory; // the newest; none before the first
    private MessageRun? _spare; // the reading thread's, nearly always, and without the bag's locks
    private int _pooled;

    public Dispatcher(
        ListenerRegistry registry, IServiceProvider services, IpcPeerOptions options, bool hasFilters, IpcMetrics metrics, ILogger<Dispatcher> logger)
    {
        _registry = registry;
        _metrics = metrics;
        _logger = new QuietLogger(logger);
        _budget = new DispatchBudget(options.MaxPendingMessages);
        metrics.ObservePending(() => _budget.Pending);
        Answers = new AnswerSender(options, _logger);
        Streams = new StreamTable(options, metrics, _logger);
        Events = new EventQueues(this, registry, _logger);
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        Services = services;
        HasFilters = hasFilters;
    }

    /// <summary>The root provider.</summary>
    public IServiceProvider Services { get; }

    public bool HasFilters { get; }

    /// <summary>What is told about messages.</summary>
    public MessageMetrics Metrics => _metrics.Messages;

    /// <summary>The peer that receives; a standby's changes before its first message.</summary>
    public PeerId Self { get; set; }

    /// <summary>Counts what has been handled, where that is wanted.</summary>
    public HandledCount? Handled { get; set; }

    /// <summary>The way back to who asked.</summary>
    public AnswerSender Answers { get; }

    /// <summary>The streams that come with messages, sent and handled ones.</summary>
    public StreamTable Streams { get; }

    /// <summary>Which calls of listeners have not returned.</summary>
    public CallWatch Calls { get; } = new();

    /// <summary>What was subscribed to at run time.</summary>
    public SubscriptionTable Subscriptions { get; } = new();

    /// <summary>What happens in the cluster, for those who listen to it.</summary>
    public EventQueues Events { get; }

    /// <summary>Signalled when the time for running listeners is over.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>A message or request has arrived.</summary>
    public FrameDisposition OnMessage(scoped in InboundFrame frame, FrameHeader header, int bodyOffset)
    {
        SenderState sender = frame.Lane.ReceiverState as SenderState ?? AddSender(frame.Lane);
        _ = _registry.TryGet(header.ActionHash, out ActionEntry? entry) || Subscriptions.TryGet(header.ActionHash, out entry);
        if (entry is { AllowsClients: false } && sender.Id.Kind == PeerKind.Client)
        {
            return Forbid(frame, header, sender, entry);
        }

        int deliveries = entry is { IsQueue: true } && (header.Flags & FrameFlags.Headers) != 0
            ? TopicHeaders.ReadDeliveries(frame.Bytes, header, bodyOffset)
            : frame.Deliveries;
        if (deliveries != 0 && WhyNotAgain(entry, deliveries) is { } reason)
        {
            return SetAside(frame, header, bodyOffset, sender, entry, reason, deliveries);
        }

        if (entry is null || (header.Kind == FrameKind.Request && entry.Answering is null && (header.Flags & FrameFlags.NoValue) == 0))
        {
            return Refuse(frame, header, sender, entry);
        }

        if (header.Kind == FrameKind.Request && !sender.HasAskedForAnswers)
        {
            Answers.OpenAhead(sender);
        }

        ActionLane? lane = entry.Concurrent ? null : sender.GetLane(entry);
        CallChain? chain = null;
        if ((header.Flags & FrameFlags.Chain) != 0 && Examine(frame, header, bodyOffset, sender, entry, lane, out chain) is { } error)
        {
            return RefuseRequest(frame, header.Correlation, sender, entry.Action, error);
        }

        if (!_budget.TryStart())
        {
            return FrameDisposition.Held;
        }

        bool inline = frame.Lane.HandsOver
            && MessageRun.MayRunInline(header)
            && !Deadline.HasPassed(header.DeadlineMicroseconds)
            && entry.Listeners.Length == 1
            && (entry.SingletonsExist || entry.NeedsScope)
            && _budget.HasRoom(sender);
        if (inline && (lane is null || lane.TryEnter()))
        {
            RunInline(frame, header, bodyOffset, sender, entry, lane, chain);
            return FrameDisposition.Consumed;
        }

        if (!_budget.TryReserve(sender))
        {
            _budget.Ended();
            return FrameDisposition.Held;
        }

        MessageRun run = Rent();
        run.Begin(sender, entry, lane, header, bodyOffset, inline: false);
        run.Chain = chain;
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

    /// <summary>Nobody waits for the answers to an asker that is no longer there. Called by one thread at a time.</summary>
    public void OnDirectoryChanged(PeerDirectory directory)
    {
        Volatile.Write(ref _directory, directory);
        Interlocked.MemoryBarrier(); // pairs with AddSender: it adds, then looks at the directory
        foreach (SenderState sender in _senders.Values)
        {
            EndIfGone(sender, directory);
        }
    }

    /// <summary>
    /// The connection has ended, and another one may come. Numbers and names of the old one may mean somebody else there: nothing is answered to its peers from now on, and no stream of theirs goes on.
    /// </summary>
    public void Detach(string reason)
    {
        foreach (SenderState sender in _senders.Values)
        {
            if (_senders.TryRemove(sender.Lane, out _))
            {
                sender.Cut();
            }
        }

        Answers.Detach();
        Streams.Detach(reason);
    }

    /// <summary>Waits for the end of what still comes, takes no more messages then, and waits for what runs; at the deadline the listeners' tokens are signalled.</summary>
    /// <param name="inboxRead">Completes when nothing comes any more.</param>
    /// <param name="timeout">How long both may take.</param>
    /// <param name="cancellationToken">As the deadline.</param>
    public async Task DrainAsync(Task inboxRead, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        await inboxRead.WaitAsync(timeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(begun);
        try
        {
            await _budget.DrainAsync().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            MessagingLog.DrainTimedOut(_logger, _budget.Running, timeout);
            CancelAll();
        }
    }

    public async ValueTask DisposeAsync()
    {
        CancelAll();
        await _registry.DisposeSingletonsAsync(_logger).ConfigureAwait(false);
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

    internal void NotAgain(Type listener, string action, PeerId sender) => MessagingLog.NotAgain(_logger, listener, action, sender);

    internal void BadMessage(string action, PeerId sender, string reason)
    {
        _metrics.Undeliverable("bad-message", action);
        MessagingLog.BadMessage(_logger, action, sender, reason);
    }

    /// <summary>Tells that a message of a queue is not given to a listener again. Never throws.</summary>
    internal ValueTask SetAsideAsync(DeadLetter letter, MessageHeaders headers)
    {
        _metrics.DeadLettered(letter.Reason, letter.Action);
        MessagingLog.QueuedSetAside(_logger, letter.Action, letter.MessageId, letter.Sender, letter.DeliveryCount, letter.Reason);
        return _registry.TryGetEvent(DeadLetter.EventName, out ActionEntry? listeners)
            ? EventCall.Of(letter, new MessageContext(DeadLetter.EventName, letter.Sender, letter.MessageId, letter.DeliveryCount, headers)).TellAsync(this, listeners)
            : default;
    }

    /// <summary>Something begins that a stop waits for, until <see cref="Finished"/>.</summary>
    /// <returns>False when the process is stopping.</returns>
    internal bool TryStart() => _budget.TryStart();

    /// <summary>A request reached its turn when nobody waited for its answer any more.</summary>
    internal void Expired(string action) => _metrics.Undeliverable("expired", action);

    /// <summary>A message came, or reached its turn, when its run-time subscription had ended.</summary>
    internal void Unsubscribed() => _metrics.Undeliverable("unsubscribed");

    /// <summary>A message that had left its lane has ended.</summary>
    internal void Release(SenderState sender) => _budget.Release(sender);

    /// <summary>A run has ended; its lane goes on.</summary>
    internal void Finished(ActionLane? lane)
    {
        Handled?.Add();
        if (lane is not null)
        {
            StartNext(lane);
        }

        _budget.Ended();
    }

    internal void Return(MessageRun run)
    {
        if (Interlocked.CompareExchange(ref _spare, run, null) is null)
        {
            return;
        }

        // Counted beside the bag: asking the bag itself locks it.
        if (Interlocked.Increment(ref _pooled) <= MaxPooledRuns)
        {
            _pool.Add(run);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
            Calls.Remove(run);
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
        scoped in InboundFrame frame, FrameHeader header, int bodyOffset, SenderState sender, ActionEntry entry, ActionLane? lane, CallChain? chain)
    {
        frame.MarkStarted(entry.Redelivers && header.Kind == FrameKind.OneWay);
        MessageRun run = Rent();
        run.Begin(sender, entry, lane, header, bodyOffset, inline: true);
        run.Chain = chain;
        if (run.RunInline(frame, out ValueTask running))
        {
            run.Finish();
            return;
        }

        _budget.Reserve(sender);
        run.FinishLater(running, frame.Take(keepBytes: false));
    }

    /// <summary>A message comes again that was interrupted by the death of its process.</summary>
    private static DeadLetterReason? WhyNotAgain(ActionEntry? entry, int deliveries) => entry switch
    {
        null => DeadLetterReason.NoListener,
        { Redelivers: false } => DeadLetterReason.NoRedelivery,
        _ => deliveries >= entry.MaxDeliveries ? DeadLetterReason.MaxDeliveries : null,
    };

    /// <summary>Started without redelivery: a process that dies in a listener of the event has the message reported as lost, and it does not come again.</summary>
    private FrameDisposition SetAside(
        scoped in InboundFrame frame, FrameHeader header, int bodyOffset, SenderState sender, ActionEntry? entry, DeadLetterReason reason, int deliveries)
    {
        if (!_budget.TryStart())
        {
            return FrameDisposition.Held;
        }

        if (!_budget.TryReserve(sender))
        {
            _budget.Ended();
            return FrameDisposition.Held;
        }

        frame.MarkStarted();
        string action = entry?.Action ?? $"{header.ActionHash:x16}";
        _metrics.DeadLettered(reason, entry?.Action);
        MessagingLog.DeadLettered(_logger, action, header.Correlation, sender.Id, deliveries, reason);
        bool isRequest = header.Kind == FrameKind.Request;
        if (_registry.TryGetEvent(DeadLetter.EventName, out ActionEntry? listeners) || isRequest)
        {
            var letter = new DeadLetter(reason, action, sender.Id, header.Correlation, deliveries, frame.Bytes[bodyOffset..].ToArray());
            var context = new MessageContext(
                DeadLetter.EventName, sender.Id, header.Correlation, deliveries, FrameEncoder.ReadHeaders(frame.Bytes, header, bodyOffset));
            ThreadPool.UnsafeQueueUserWorkItem(new DeadLetterRun(this, listeners, letter, context, frame.Take(keepBytes: false), sender, isRequest), preferLocal: false);
        }
        else
        {
            _budget.Release(sender);
            _budget.Ended();
        }

        return FrameDisposition.Consumed;
    }

    /// <summary>A client that keeps to the rules does not send what it may not: it is told before.</summary>
    private FrameDisposition Forbid(scoped in InboundFrame frame, FrameHeader header, SenderState sender, ActionEntry entry)
    {
        if (header.Kind == FrameKind.Request)
        {
            return RefuseRequest(frame, header.Correlation, sender, entry.Action, new RemoteError(IpcError.NotAllowed, null, ActionSuggestion.Closed(entry.Action, Self), null));
        }

        frame.MarkStarted();
        _metrics.Undeliverable("not-allowed", entry.Action);
        MessagingLog.NotAllowed(_logger, entry.Action, sender.Id);
        return FrameDisposition.Consumed;
    }

    private FrameDisposition Refuse(scoped in InboundFrame frame, FrameHeader header, SenderState sender, ActionEntry? entry)
    {
        if (header.Kind == FrameKind.Request)
        {
            string reason = entry is null
                ? "The target has no listener for the action."
                : $"The target has listeners for \"{entry.Action}\", but none that answers: implement IListener<TRequest, TResponse>, or use SendAsync.";
            return RefuseRequest(frame, header.Correlation, sender, entry?.Action ?? "?", new RemoteError(IpcError.NoListener, null, reason, null));
        }

        frame.MarkStarted();
        if (Subscriptions.HasEnded(header.ActionHash))
        {
            Unsubscribed();
            return FrameDisposition.Consumed;
        }

        _metrics.Undeliverable("no-listener");
        MessagingLog.NoListener(_logger, sender.Id, header.ActionHash);
        return FrameDisposition.Consumed;
    }

    /// <summary>Reads who waits for a request.</summary>
    /// <returns>Why it can never be answered: what it would wait behind waits for it; or its chain is none.</returns>
    private RemoteError? Examine(
        scoped in InboundFrame frame, FrameHeader header, int bodyOffset, SenderState sender, ActionEntry entry, ActionLane? lane, out CallChain? chain)
    {
        chain = null;
        if (header.Kind != FrameKind.Request)
        {
            return null;
        }

        try
        {
            chain = FrameEncoder.ReadChain(frame.Bytes, header, bodyOffset);
        }
        catch (MessageFormatException e)
        {
            BadMessage(entry.Action, sender.Id, e.Message);
            return RemoteError.Undecodable(e, entry.Action);
        }

        return lane is { Holder: not 0 and var holder } && chain!.FindCycle(Self, sender.Id, holder, entry.Action) is { } cycle
            ? new RemoteError(
                IpcError.RequestCycle,
                null,
                $"A request cycle: {cycle}. Each waits for the next, the last for the first. Make one of these listeners Concurrent, or send one way.",
                null)
            : null;
    }

    /// <summary>The request is finished when its answer is published: a process that dies before is accounted for as one that was handling it.</summary>
    private FrameDisposition RefuseRequest(scoped in InboundFrame frame, long correlation, SenderState sender, string action, RemoteError error)
    {
        if (!_budget.TryReserve(sender))
        {
            return FrameDisposition.Held;
        }

        frame.MarkStarted();
        ValueTask answer = Answers.SendErrorAsync(sender, correlation, action, error);
        if (answer.IsCompleted)
        {
            _budget.Release(sender);
        }
        else
        {
            FinishRefusal(answer, frame.Take(keepBytes: false), sender);
        }

        return FrameDisposition.Consumed;
    }

    private async void FinishRefusal(ValueTask answer, FrameLease lease, SenderState sender)
    {
        await answer.ConfigureAwait(false); // never throws
        lease.Dispose();
        _budget.Release(sender);
    }

    private SenderState AddSender(InboundLane lane)
    {
        var sender = new SenderState(lane);
        lane.ReceiverState = sender;
        _senders.TryAdd(lane, sender);
        Interlocked.MemoryBarrier();
        PeerDirectory? seen = null;
        while (Volatile.Read(ref _directory) is { } directory && directory != seen)
        {
            EndIfGone(sender, directory); // again when another one has come meanwhile: who looked at it may have come before us
            seen = directory;
        }

        return sender;
    }

    private void EndIfGone(SenderState sender, PeerDirectory directory)
    {
        if (sender.HasEnded(directory) && _senders.TryRemove(sender.Lane, out _))
        {
            sender.Gone();
        }
    }

    private MessageRun Rent()
    {
        if (Interlocked.Exchange(ref _spare, null) is { } spare)
        {
            return spare;
        }

        if (!_pool.TryTake(out MessageRun? run))
        {
            run = new MessageRun(this);
            Calls.Add(run);
            return run;
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
}
