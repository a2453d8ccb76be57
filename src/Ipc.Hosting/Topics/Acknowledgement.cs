using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>A message of a queue that a subscriber has not acknowledged yet. Nobody polls for it, as askers do for their answers: whoever publishes goes on.</summary>
internal sealed class Acknowledgement : PendingRequest
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Cluster _cluster;
    private readonly OutboundRoute _route;

    private Acknowledgement(Cluster cluster, TopicRecipient to, OutboundRoute route)
    {
        _cluster = cluster;
        _route = route;
        Action = to.Subscription.Action;
        Peer = to.Peer.Id;
        Route = route;
        Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        DueAt = long.MaxValue;
    }

    /// <summary>Completes when the message is acknowledged; fails with the reason when it is not.</summary>
    public Task Task => _done.Task;

    public override bool IsAnswered => _done.Task.IsCompleted;

    /// <summary>A message waits to be acknowledged from now on; its frame is written next.</summary>
    public static Acknowledgement Begin(Cluster cluster, TopicRecipient to, OutboundRoute route)
    {
        var acknowledgement = new Acknowledgement(cluster, to, route);
        route.RequestStarted();
        cluster.AwaitingBegins();
        cluster.Add(acknowledgement);
        return acknowledgement;
    }

    /// <summary>The message is in the inbox.</summary>
    public void Published(long position)
    {
        Position = position;
        _cluster.FailIfTakenByDead(this);
        _cluster.Transport.ReadAnswers(); // this process is woken for what comes later
    }

    /// <summary>The message is in no inbox.</summary>
    /// <param name="isClosed">Whether its lane turned out to be closed.</param>
    /// <returns>False when it has failed meanwhile.</returns>
    public bool TryTakeBack(bool isClosed)
    {
        if (!_cluster.TryTake(Correlation, out _))
        {
            return false;
        }

        _cluster.AwaitingEnds();
        if (isClosed)
        {
            _cluster.Routes.Remove(_route);
        }

        return true;
    }

    public override void Complete(ReadOnlySpan<byte> body)
    {
        _cluster.AwaitingEnds();
        _done.SetResult();
    }

    public override void Fail(Exception error)
    {
        _cluster.AwaitingEnds();
        _done.SetException(error);
        _ = _done.Task.Exception; // it may not be looked at
    }
}
