using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Dispatch;

/// <summary>Sends what listeners answer, and what went wrong, back to who asked. Safe for use by several threads.</summary>
internal sealed class AnswerSender(IpcPeerOptions options, ILogger logger)
{
    private volatile TaskCompletionSource<Cluster> _cluster = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests may arrive a moment before this; their answers wait for it.</summary>
    public void Attach(Cluster cluster) => _cluster.TrySetResult(cluster);

    /// <summary>The connection has ended, and the senders on it have been cut.</summary>
    public void Detach() => _cluster = new TaskCompletionSource<Cluster>(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens the lane for answers to somebody whose first request is about to run: both take their time. Where it cannot be opened, the answer finds that out.</summary>
    public void OpenAhead(SenderState sender)
    {
        sender.HasAskedForAnswers = true;
        _ = OpenAsync();

        async Task OpenAsync()
        {
            try
            {
                await OpenLaneAsync(await ClusterOfAsync(sender).ConfigureAwait(false), sender).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                MessagingLog.AnswersNotOpened(logger, sender.Id, e.Message);
            }
        }
    }

    /// <summary>Sends an answer or an error. Never throws: an asker that cannot be reached has given up or is gone.</summary>
    public ValueTask SendAsync<TBody>(SenderState sender, long correlation, string action, FrameKind kind, TBody body)
        where TBody : struct, IFrameBody
    {
        if (sender.Answers is not { } route)
        {
            return SendSlowAsync(default, null, sender, correlation, action, kind, body);
        }

        ValueTask<long> commit;
        try
        {
            commit = Write(route, correlation, kind, body);
        }
        catch (Exception e)
        {
            commit = ValueTask.FromException<long>(e);
        }

        return commit.IsCompletedSuccessfully ? default : SendSlowAsync(commit, route, sender, correlation, action, kind, body);
    }

    /// <summary>Sends an error; one that is longer than a message may be is told in part. Never throws.</summary>
    public ValueTask SendErrorAsync(SenderState sender, long correlation, string action, RemoteError error) => SendAsync(
        sender, correlation, action, FrameKind.Error, new TypedBody<RemoteError>(RemoteError.Serializer, error.FitInto(options.MaxMessageSize)));

    /// <summary>What the asker is told about an exception of the listener, or of its answer. Never throws.</summary>
    public RemoteError Describe(Exception error, string action, bool canceled) => canceled
        ? new RemoteError(IpcError.Canceled, null, $"\"{action}\" was cancelled.", null)
        : RemoteError.From(error, options.IncludeRemoteStackTraces, options.MaxMessageSize);

    private static ValueTask<long> Write<TBody>(OutboundRoute route, long correlation, FrameKind kind, TBody body)
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

        return route.Lane.CommitFrameAsync(Timeout.InfiniteTimeSpan, CancellationToken.None); // an asker that is stopped reads it later; one that dies closes the lane
    }

    /// <summary>Waits for a commit, or opens the lane first. An asker may drop an answer lane and go on: an answer that was not published for that reason goes over a new one.</summary>
    /// <remarks>Without a route there is no commit yet.</remarks>
    private async ValueTask SendSlowAsync<TBody>(
        ValueTask<long> commit, OutboundRoute? route, SenderState sender, long correlation, string action, FrameKind kind, TBody body)
        where TBody : struct, IFrameBody
    {
        try
        {
            Cluster cluster = await ClusterOfAsync(sender).ConfigureAwait(false);
            if (route is null)
            {
                route = await OpenLaneAsync(cluster, sender).ConfigureAwait(false);
                commit = Begin(route);
            }

            try
            {
                await commit.ConfigureAwait(false);
                return;
            }
            catch (IpcException e) when (e.Reason == IpcError.PeerGone)
            {
                sender.ForgetAnswers(route);
                cluster.Routes.Remove(route);
            }

            route = await OpenLaneAsync(cluster, sender).ConfigureAwait(false);
            await Begin(route).ConfigureAwait(false);
        }
        catch (IpcException e) when (e.Reason != IpcError.MessageTooLarge || kind == FrameKind.Error)
        {
            MessagingLog.AnswerUndeliverable(logger, action, sender.Id, e.Message);
        }
        catch (Exception e) when (kind == FrameKind.Response && route is not null)
        {
            // The answer itself cannot be written: too large, or its own code throws. The asker is told.
            RemoteError error = e is IpcException tooLarge
                ? new RemoteError(tooLarge.Reason, null, $"The answer to \"{action}\": {e.Message}", null)
                : Describe(e, action, canceled: false);
            await SendErrorAsync(sender, correlation, action, error).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            MessagingLog.AnswerUndeliverable(logger, action, sender.Id, e.Message);
        }

        ValueTask<long> Begin(OutboundRoute open)
        {
            try
            {
                return Write(open, correlation, kind, body);
            }
            catch (IpcException e)
            {
                return ValueTask.FromException<long>(e);
            }
        }
    }

    private async ValueTask<Cluster> ClusterOfAsync(SenderState sender)
    {
        Cluster cluster = await _cluster.Task.ConfigureAwait(false);

        // In this order: senders are cut before another cluster comes, so that a sender that is not cut is of this one.
        return sender.IsCut ? throw new IpcException(IpcError.PeerGone, $"The connection to {sender.Id} has ended.") : cluster;
    }

    private static async ValueTask<OutboundRoute> OpenLaneAsync(Cluster cluster, SenderState sender)
    {
        OutboundRoute route = await cluster.Routes.GetAsync(sender.Id, LaneKind.Answer, CancellationToken.None).ConfigureAwait(false);
        sender.Answers = route;
        return route;
    }
}
