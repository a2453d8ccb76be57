using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Dispatch;

/// <summary>Sends what listeners answer, and what went wrong, back to who asked. Safe for use by several threads.</summary>
internal sealed class AnswerSender(IpcOptions options, ILogger logger)
{
    private readonly TaskCompletionSource<Cluster> _cluster = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests may arrive a moment before this; their answers wait for it.</summary>
    public void Attach(Cluster cluster) => _cluster.TrySetResult(cluster);

    /// <summary>Sends an answer or an error. Never throws: an asker that cannot be reached has given up or is gone.</summary>
    public ValueTask SendAsync<TBody>(SenderState sender, long correlation, string action, FrameKind kind, TBody body)
        where TBody : struct, IFrameBody
    {
        if (sender.Answers is { } route)
        {
            try
            {
                ValueTask<long> commit = Write(route, correlation, kind, body);
                return commit.IsCompletedSuccessfully ? default : AwaitAsync(commit, sender, correlation, action, kind);
            }
            catch (Exception e)
            {
                return AwaitAsync(ValueTask.FromException<long>(e), sender, correlation, action, kind);
            }
        }

        return AnswerOverNewRouteAsync(sender, correlation, action, kind, body);
    }

    /// <summary>What the asker is told about an exception.</summary>
    public RemoteError Describe(Exception error, string action, bool canceled)
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
                options.IncludeRemoteStackTraces ? error.StackTrace : null);
    }

    private ValueTask<long> Write<TBody>(OutboundRoute route, long correlation, FrameKind kind, TBody body)
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

        return route.Lane.CommitFrameAsync(options.SendTimeout, CancellationToken.None);
    }

    private async ValueTask AnswerOverNewRouteAsync<TBody>(SenderState sender, long correlation, string action, FrameKind kind, TBody body)
        where TBody : struct, IFrameBody
    {
        ValueTask<long> commit;
        try
        {
            Cluster cluster = await _cluster.Task.ConfigureAwait(false);
            sender.Answers ??= await cluster.Routes.GetAsync(sender.Id, LaneKind.Answer, CancellationToken.None).ConfigureAwait(false);
            commit = Write(sender.Answers, correlation, kind, body);
        }
        catch (Exception e)
        {
            commit = ValueTask.FromException<long>(e);
        }

        await AwaitAsync(commit, sender, correlation, action, kind).ConfigureAwait(false);
    }

    private async ValueTask AwaitAsync(ValueTask<long> commit, SenderState sender, long correlation, string action, FrameKind kind)
    {
        try
        {
            await commit.ConfigureAwait(false);
        }
        catch (IpcException e) when (e.Reason != IpcError.MessageTooLarge || kind == FrameKind.Error)
        {
            MessagingLog.AnswerUndeliverable(logger, action, sender.Id, e.Message);
        }
        catch (Exception e) when (kind == FrameKind.Response && sender.Answers is not null)
        {
            // The answer itself cannot be written: too large, or its own code throws. The asker is told.
            var error = new TypedBody<RemoteError>(
                RemoteError.Serializer,
                e is IpcException tooLarge ? new RemoteError(tooLarge.Reason, null, $"The answer to \"{action}\": {e.Message}", null) : Describe(e, action, canceled: false));
            await SendAsync(sender, correlation, action, FrameKind.Error, error).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            MessagingLog.AnswerUndeliverable(logger, action, sender.Id, e.Message);
        }
    }
}
