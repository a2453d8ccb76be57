using System.Threading.Tasks.Sources;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>A request that waits for an answer of one type; pooled, so that a request allocates nothing of its own.</summary>
/// <typeparam name="TResponse">The type of the answer.</typeparam>
internal sealed class PendingRequest<TResponse> : PendingRequest, IValueTaskSource<TResponse>
{
    [ThreadStatic]
    private static PendingRequest<TResponse>? t_cached;

    private ManualResetValueTaskSourceCore<TResponse> _core;
    private MessageSerializer<TResponse>? _serializer;
    private Cluster? _cluster;
    private bool _isAwaited;
    private CancellationTokenRegistration _cancellation;

    private PendingRequest()
    {
        // A continuation is the asker's code: it must not run on the thread that reads for everybody.
        _core.RunContinuationsAsynchronously = true;
    }

    public override bool IsAnswered => _core.GetStatus(_core.Version) != ValueTaskSourceStatus.Pending;

    public ValueTask<TResponse> Task => new(this, _core.Version);

    public static PendingRequest<TResponse> Rent(string action, MessageSerializer<TResponse> serializer, Cluster cluster)
    {
        PendingRequest<TResponse> request = t_cached ?? new PendingRequest<TResponse>();
        t_cached = null;
        request.Action = action;
        request._serializer = serializer;
        request._cluster = cluster;
        return request;
    }

    public void OnCancel(Action<object?, CancellationToken> callback, CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(callback, this);

    public override void Complete(ReadOnlySpan<byte> body)
    {
        TResponse response;
        try
        {
            response = _serializer!.ReadBody(body);
        }
        catch (MessageFormatException e)
        {
            _core.SetException(new IpcException(
                IpcError.BadMessage, $"The answer of {Peer} to \"{Action}\" is not a {typeof(TResponse)}: {e.Message}", e));
            return;
        }

        _core.SetResult(response);
    }

    public override void Fail(Exception error) => _core.SetException(error);

    /// <summary>Gives a request back, whose answer has been taken or that was not sent.</summary>
    public void Return()
    {
        _cancellation.Dispose();
        _cancellation = default;
        if (_isAwaited)
        {
            _isAwaited = false;
            _cluster!.AwaitingEnds();
        }

        _serializer = null;
        _cluster = null;
        ResetBase();
        _core.Reset();
        t_cached = this;
    }

    TResponse IValueTaskSource<TResponse>.GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException($"\"{Action}\" has no answer yet. Await the request, or use AsTask() to wait for it.");
        }

        try
        {
            return _core.GetResult(token);
        }
        catch (RemoteException e) when (_cluster!.Mappings.TryGet(e, out Func<RemoteException, Exception>? create))
        {
            throw create(e) ?? e; // here it is the asker's thread, which runs the asker's code
        }
        finally
        {
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<TResponse>.GetStatus(short token)
    {
        ValueTaskSourceStatus status = _core.GetStatus(token);
        if (status == ValueTaskSourceStatus.Pending)
        {
            // Asked by await: the caller is about to wait, so it may as well look for its answer itself.
            _cluster?.Transport.PollAnswers(this);
            status = _core.GetStatus(token);
        }

        return status;
    }

    void IValueTaskSource<TResponse>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _ = _core.GetStatus(token); // throws for a task that was awaited before: this object may be another request by now
        Cluster cluster = _cluster!;
        if (!_isAwaited)
        {
            _isAwaited = true;
            cluster.AwaitingBegins();
        }

        _core.OnCompleted(continuation, state, token, flags);
        cluster.Transport.ReadAnswers(); // by now this object may be another request
    }
}
