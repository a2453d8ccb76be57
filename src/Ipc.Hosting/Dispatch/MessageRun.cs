using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Streams;
using Ipc.Telemetry;
using Ipc.Topics;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Dispatch;

/// <summary>One message on its way through its listeners. Pooled; used by one thread at a time.</summary>
internal sealed class MessageRun(Dispatcher dispatcher) : IAnswerSink, IUserCodeGate, IThreadPoolWorkItem
{
    private const FrameFlags StreamFlags = FrameFlags.SendsStream | FrameFlags.ReadsStream;

    private SenderState _sender = null!;
    private ActionEntry _entry = null!;
    private ActionLane? _lane;
    private FrameHeader _header;
    private int _bodyOffset;
    private FrameLease? _lease;
    private MessageContext _context;
    private MessageStreams? _streams;
    private CancellationTokenSource? _cancellation;
    private AsyncServiceScope? _scope;
    private AmbientCall? _call;
    private ListenerFlow? _flow;
    private LentBytes? _bytes;
    private ListenerObservation _observation;
    private IUserCodeGate? _gate;
    private bool _isInUserCode;
    private uint _calls; // odd while a call of a listener has not returned
    private bool _answered;
    private bool _cancelRequested;

    public string Action => _entry.Action;

    /// <summary>A number that is odd while a call of a listener has not returned: another one for each call. For any thread.</summary>
    public uint Calls => Volatile.Read(ref _calls);

    /// <summary>As <see cref="Action"/>, for threads that only look: the message may end meanwhile.</summary>
    public string? SeenAction => Volatile.Read(ref _entry)?.Action;

    /// <summary>The message's number among its sender's.</summary>
    public long Correlation => _header.Correlation;

    /// <summary>Where the message arrived.</summary>
    public InboundLane Inbound => _sender.Lane;

    /// <summary>Where the frame is kept; <see langword="null"/> while it is in its lane.</summary>
    public FrameLease? Lease => _lease;

    /// <summary>Where the body begins in the frame.</summary>
    public int BodyOffset => _bodyOffset;

    /// <summary>Who waits for the message; <see langword="null"/> when no listener does.</summary>
    public CallChain? Chain { get; set; }

    /// <summary>Whether a cancel is on its way, so that the run must not be reused; the sender's lock is held.</summary>
    public bool IsCancelRequested_NeedsLock => _cancelRequested;

    /// <summary>A reused run keeps the source of an earlier request, which nobody signals for a one-way message.</summary>
    private CancellationToken Token => HasAsker ? _cancellation!.Token : dispatcher.Stopping;

    private int AnsweringIndex => Math.Max(0, Array.IndexOf(_entry.Listeners, _entry.Answering));

    /// <summary>Whether somebody's end or change of mind ends the message. A message of a queue is nobody's any more.</summary>
    private bool HasAsker => IsRequest && !_entry.IsQueue;

    private bool IsRequest => _header.Kind == FrameKind.Request;

    /// <summary>Whether a message may run on the transport's thread. Listeners of streams wait for their senders.</summary>
    public static bool MayRunInline(FrameHeader header) => (header.Flags & (StreamFlags | FrameFlags.NoValue)) == 0;

    /// <summary>Makes it ready for a message.</summary>
    /// <param name="sender">Who sent it.</param>
    /// <param name="entry">Who listens.</param>
    /// <param name="lane">Its lane; <see langword="null"/> when its listeners allow concurrency.</param>
    /// <param name="header">The frame's header.</param>
    /// <param name="bodyOffset">Where the body begins in the frame.</param>
    /// <param name="inline">Whether it runs at once on the reading thread.</param>
    public void Begin(SenderState sender, ActionEntry entry, ActionLane? lane, FrameHeader header, int bodyOffset, bool inline)
    {
        _sender = sender;
        _entry = entry;
        _lane = lane;
        _header = header;
        _bodyOffset = bodyOffset;
        if (HasAsker)
        {
            _cancellation ??= new CancellationTokenSource();
            if (inline)
            {
                sender.AddInlineRequest(this);
            }
            else
            {
                sender.AddRequest(this);
            }
        }
    }

    /// <summary>The message waits for its turn, or for a thread of the pool.</summary>
    public void Hold(FrameLease lease) => _lease = lease;

    /// <summary>Marks the run as one that must not be reused, while it certainly has not been; the sender's lock is held.</summary>
    public void RequestCancel_NeedsLock() => _cancelRequested = true;

    /// <summary>Signals the listener's token.</summary>
    public void Cancel()
    {
        if (_cancellation is { } cancellation)
        {
            dispatcher.Cancel(cancellation);
        }
    }

    /// <summary>Decodes in place and runs the only listener on this, the transport's, thread.</summary>
    /// <returns>Whether it has ended, its scope too; otherwise it goes on and <see cref="FinishLater"/> takes over.</returns>
    public bool RunInline(scoped in InboundFrame frame, out ValueTask running)
    {
        try
        {
            Prepare(frame.Bytes, frame.Deliveries + 1);
            running = Invoke(0, frame.Bytes[_bodyOffset..], frame.Lane);
        }
        catch (Exception e)
        {
            running = ValueTask.FromException(e);
        }

        Returned(running.IsCompleted);
        if (!running.IsCompletedSuccessfully || _scope is null)
        {
            return running.IsCompletedSuccessfully;
        }

        running = DisposeScopeAsync();
        return running.IsCompleted;
    }

    /// <summary>Waits for a listener that did not complete at once.</summary>
    public async void FinishLater(ValueTask running, FrameLease lease)
    {
        _bytes?.Save();
        _lease = lease;
        if (!running.IsCompleted)
        {
            _lane?.ForgetCall();
        }

        try
        {
            await running.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await FailedAsync(0, e).ConfigureAwait(false);
        }

        await FinishAsync().ConfigureAwait(false);
    }

    /// <summary>The inline listener has ended: nothing is left to wait for.</summary>
    public void Finish()
    {
        _observation.End(Action);
        _bytes?.End();
        ActionLane? lane = _lane;
        Release();
        dispatcher.Finished(lane);
    }

    /// <summary>Runs a held message on the pool.</summary>
    void IThreadPoolWorkItem.Execute() => RunHeld();

    private async void RunHeld()
    {
        FrameLease lease = _lease!;
        lease.MarkStarted(_entry.Redelivers && !IsRequest);
        if (_entry.HasEnded)
        {
            dispatcher.Unsubscribed();
            if (IsRequest)
            {
                await dispatcher.Answers.SendErrorAsync(_sender, _header.Correlation, Action, new RemoteError(IpcError.NoListener, null, "The subscription has ended.", null)).ConfigureAwait(false);
            }

            await FinishAsync().ConfigureAwait(false);
            return;
        }

        if (IsRequest && Deadline.HasPassed(_header.DeadlineMicroseconds))
        {
            // The asker has stopped waiting: whatever the listener did would be thrown away. Should the clocks disagree, it is told.
            dispatcher.Expired(Action);
            var expired = new RemoteError(IpcError.Timeout, null, $"\"{Action}\" reached its turn after its deadline.", null);
            await dispatcher.Answers.SendErrorAsync(_sender, _header.Correlation, Action, expired).ConfigureAwait(false);
            await FinishAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            Prepare(lease.Bytes, lease.DeliveryCount);
        }
        catch (Exception e)
        {
            // Without its headers, scope or filters no listener may run.
            await FailedAsync(AnsweringIndex, e).ConfigureAwait(false);
            await FinishAsync().ConfigureAwait(false);
            return;
        }

        for (int i = 0; i < _entry.Listeners.Length; i++)
        {
            if (_context.DeliveryCount > 1 && !_entry.IsQueue && !_entry.Listeners[i].Redelivery)
            {
                dispatcher.NotAgain(_entry.Listeners[i].ListenerType, Action, _sender.Id); // it may have run, or half of it
                continue;
            }

            try
            {
                await InvokeHeldAsync(i, lease).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                await FailedAsync(i, e).ConfigureAwait(false);
            }
        }

        if (IsRequest && !_answered)
        {
            // Nobody here answers; who asked wants to know that they have ended.
            await ((IAnswerSink)this).AnswerAsync(BuiltInSerializers.Body, MessageBody.Nil).ConfigureAwait(false);
        }

        await FinishAsync().ConfigureAwait(false);
    }

    ValueTask IAnswerSink.AnswerAsync<TResponse>(MessageSerializer<TResponse> serializer, TResponse response)
    {
        _answered = true;
        return _streams is null
            ? dispatcher.Answers.SendAsync(_sender, _header.Correlation, Action, FrameKind.Response, new TypedBody<TResponse>(serializer, response))
            : AnswerBehindStreamsAsync(_streams, serializer, response);
    }

    private async ValueTask AnswerBehindStreamsAsync<TResponse>(MessageStreams streams, MessageSerializer<TResponse> serializer, TResponse response)
    {
        await streams.FinishAsync(null).ConfigureAwait(false);
        await dispatcher.Answers.SendAsync(_sender, _header.Correlation, Action, FrameKind.Response, new TypedBody<TResponse>(serializer, response)).ConfigureAwait(false);
    }

    /// <summary>A method that is async, so that a listener which is not leaves neither AsyncLocals nor a SynchronizationContext to the next one.</summary>
    private async ValueTask InvokeHeldAsync(int index, FrameLease lease)
    {
        ValueTask running = Invoke(index, lease.Bytes[_bodyOffset..], null);
        Returned(running.IsCompleted);
        if (!running.IsCompleted)
        {
            _lane?.ForgetCall();
        }

        await running.ConfigureAwait(false);
    }

    private void Prepare(ReadOnlySpan<byte> frame, int deliveryCount)
    {
        // A listener that holds up neither a lane nor an asker cannot be a part of a cycle.
        if (_lane is not null)
        {
            _lane.Holder = _header.Correlation;
            _call = _lane.GetCall(dispatcher.Self);
            _call.Enter(_header.Correlation, Chain);
        }
        else if (Chain is not null)
        {
            _call = new AmbientCall(dispatcher.Self, Action, _sender.Id);
            _call.Enter(_header.Correlation, Chain);
        }

        if (_entry.MayAwait && dispatcher.Calls.IsOn)
        {
            _flow = new ListenerFlow(dispatcher.Calls, Action);
            _flow.Enter();
        }

        MessageHeaders? headers = FrameEncoder.ReadHeaders(frame, _header, _bodyOffset);
        if (_entry.IsQueue && headers is not null)
        {
            deliveryCount += TopicHeaders.ReadDeliveries(headers);
        }

        _context = new MessageContext(_entry.Action, _sender.Id, _header.Correlation, deliveryCount, headers);
        if (_entry.Subscription is { } subscription)
        {
            _context = _context with { Topic = TopicHeaders.ReadTopic(subscription, headers) };
        }

        if (ListenerObservation.IsWanted(dispatcher.Metrics, _header))
        {
            _observation.Begin(dispatcher.Metrics, dispatcher.Self, frame, _header, _bodyOffset, _context);
        }

        if (IsRequest && (_header.Flags & StreamFlags) != 0)
        {
            _streams = dispatcher.Streams.Accept(_sender.Id, _header.Correlation, Action, _header.Flags);
            if (_sender.IsCut)
            {
                _streams.Fail(new IpcException(IpcError.PeerGone, $"The stream of \"{Action}\" has no end: the connection to {_sender.Id} has ended."));
            }
            _context = _context with { Stream = new MessageStream(_streams, leaving: null) };
        }

        if (_entry.NeedsScope || dispatcher.HasFilters)
        {
            _scope = dispatcher.CreateScope();
        }
    }

    /// <summary>The message has been decoded: what is thrown from now on is the listener's.</summary>
    void IUserCodeGate.EnterUserCode()
    {
        _isInUserCode = true;
        _gate?.EnterUserCode();
    }

    private ValueTask Invoke(int index, ReadOnlySpan<byte> body, IUserCodeGate? gate)
    {
        _gate = gate;
        _isInUserCode = false;
        ListenerDescriptor listener = _entry.Listeners[index];
        Volatile.Write(ref _calls, _calls + 1); // here and below: paired with CallWatch.Look, which reads it between two reads of its own
        try
        {
            return Invoke(listener, index, body);
        }
        finally
        {
            Volatile.Write(ref _calls, _calls + 1);
        }
    }

    /// <summary>A call has returned. One that has awaited for a moment only may have completed by now, too.</summary>
    private void Returned(bool hasCompleted) => _entry.Returned(hasCompleted && _flow is not { HasGoneOn: true });

    private ValueTask Invoke(ListenerDescriptor listener, int index, ReadOnlySpan<byte> body) =>
        listener.InvokeAsync(new ListenerCall
        {
            Body = body,
            Context = _context,
            Services = _scope is { } scope ? scope.ServiceProvider : dispatcher.Services,
            Singleton = _entry.GetSingleton(index, dispatcher.Services),
            HasFilters = dispatcher.HasFilters,
            Gate = this,
            Bytes = _bytes ??= new LentBytes(this),
            Answer = IsRequest && listener.Answers ? this : null,
            CancellationToken = Token,
        });

    private async ValueTask FailedAsync(int index, Exception error)
    {
        _observation.Fail(error);
        ListenerDescriptor listener = _entry.Listeners[index];
        bool canceled = error is OperationCanceledException && (Token.IsCancellationRequested || _streams?.Outgoing is { IsStopped: true });
        MessageFormatException? undecodable = _isInUserCode ? null : error as MessageFormatException;
        if (undecodable is not null)
        {
            dispatcher.BadMessage(_entry.Action, _sender.Id, undecodable.Message);
        }
        else if (!canceled)
        {
            dispatcher.ListenerFailed(listener.ListenerType, _entry.Action, _sender.Id, error);
        }

        if (IsRequest && _entry.IsQueue && !canceled)
        {
            // Not a second time: whoever wants that knows better which exceptions, and when.
            var letter = new DeadLetter(
                DeadLetterReason.ListenerFailed, Action, _sender.Id, _header.Correlation, Math.Max(1, _context.DeliveryCount), _lease!.Bytes[_bodyOffset..].ToArray());
            await dispatcher.SetAsideAsync(letter, _context.Headers).ConfigureAwait(false);
            await ((IAnswerSink)this).AnswerAsync(BuiltInSerializers.Body, MessageBody.Nil).ConfigureAwait(false);
        }
        else if (IsRequest && !_answered && (listener.Answers || _entry.Answering is null))
        {
            _answered = true;
            RemoteError described = undecodable is not null
                ? RemoteError.Undecodable(undecodable, _entry.Action)
                : dispatcher.Answers.Describe(error, _entry.Action, canceled);
            if (_streams is { } streams)
            {
                await streams.FinishAsync(described).ConfigureAwait(false);
            }

            await dispatcher.Answers.SendErrorAsync(_sender, _header.Correlation, Action, described).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the message's scope, once. Never throws: what a service throws while it is disposed is the listener's failure.</summary>
    private ValueTask DisposeScopeAsync()
    {
        if (_scope is not { } scope)
        {
            return default;
        }

        _scope = null;
        try
        {
            ValueTask disposing = scope.DisposeAsync();
            return disposing.IsCompletedSuccessfully ? default : WaitForDisposalAsync(disposing);
        }
        catch (Exception e)
        {
            dispatcher.ListenerFailed(_entry.Listeners[0].ListenerType, _entry.Action, _sender.Id, e);
            return default;
        }
    }

    private async ValueTask WaitForDisposalAsync(ValueTask disposing)
    {
        try
        {
            await disposing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            dispatcher.ListenerFailed(_entry.Listeners[0].ListenerType, _entry.Action, _sender.Id, e);
        }
    }

    private async ValueTask FinishAsync()
    {
        await DisposeScopeAsync().ConfigureAwait(false);
        _observation.End(Action);
        ActionLane? lane = _lane;
        SenderState sender = _sender;
        _bytes?.End();
        _lease!.Dispose();
        Release();
        dispatcher.Release(sender);
        dispatcher.Finished(lane);
    }

    private void Release()
    {
        _call?.Leave();
        _flow?.End();
        _flow = null;
        if (_lane is { } held)
        {
            held.Holder = 0;
        }

        bool reusable = true;
        if (HasAsker)
        {
            reusable = _sender.RemoveRequest(this) && _cancellation!.TryReset();
        }

        if (!reusable)
        {
            dispatcher.Calls.Remove(this);
            return;
        }

        _sender = null!;
        _entry = null!;
        _lane = null;
        _lease = null;
        _scope = null;
        _context = default;
        Chain = null;
        _call = null;
        _streams = null;
        _gate = null;
        _isInUserCode = false;
        _answered = false;
        dispatcher.Return(this);
    }
}
