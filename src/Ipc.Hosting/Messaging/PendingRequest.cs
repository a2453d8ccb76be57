using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>A request that waits for its answer, whatever the answer's type.</summary>
/// <remarks>Whoever takes it out of the <see cref="PendingRequestTable"/> completes it: answer, timeout, cancellation and death cannot meet.</remarks>
internal abstract class PendingRequest : IAnswerWaiter
{
    private long _position = NotPublished;

    /// <summary>The position of a request whose frame is not published yet.</summary>
    public const long NotPublished = long.MaxValue;

    /// <summary>The frame's correlation.</summary>
    public long Correlation { get; set; }

    public string Action { get; protected set; } = "";

    /// <summary>Who was asked.</summary>
    public PeerId Peer { get; set; }

    /// <summary>The lane that carried the request.</summary>
    public OutboundRoute? Route { get; set; }

    /// <summary>Where in the lane the request is; decides whether a dead reader had taken it.</summary>
    public long Position
    {
        get => Volatile.Read(ref _position);
        set => Volatile.Write(ref _position, value);
    }

    /// <summary>Whether the frame is in the lane, as far as its sender knows.</summary>
    public bool IsPublished => Position != NotPublished;

    /// <summary>When to stop waiting, in <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/> is never.</summary>
    public long DueAt { get; set; }

    public TimeSpan Timeout { get; set; }

    /// <inheritdoc/>
    public abstract bool IsAnswered { get; }

    /// <summary>Decodes the answer and completes. Called once, by whoever took the request out of the table.</summary>
    public abstract void Complete(ReadOnlySpan<byte> body);

    /// <summary>Completes with an error. Called once, by whoever took the request out of the table.</summary>
    public abstract void Fail(Exception error);

    protected void ResetBase()
    {
        Correlation = 0;
        Action = "";
        Peer = default;
        Route = null;
        Position = NotPublished;
    }
}
