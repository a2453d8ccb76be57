namespace Ipc.Messaging;

/// <summary>How long one request may take in all: opening its lane, waiting for room, waiting for its answer.</summary>
/// <param name="Timeout">The time as it was set, for messages.</param>
/// <param name="DueAt">When it is over, in <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/> is never.</param>
internal readonly record struct RequestLimit(TimeSpan Timeout, long DueAt)
{
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(16);

    /// <summary>What is left of it, at least zero.</summary>
    public TimeSpan Left => DueAt == long.MaxValue ? System.Threading.Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, DueAt - Environment.TickCount64));

    /// <summary>Whether it is over, for somebody who has waited for what was left by another clock: that of <see cref="Environment.TickCount64"/> goes in steps.</summary>
    public bool IsOver => DueAt != long.MaxValue && Left <= ClockStep;

    /// <summary>As frames carry it: microseconds since 1970-01-01 UTC, 0 for never.</summary>
    public long Deadline => DueAt == long.MaxValue ? 0 : Messaging.Deadline.At(DueAt);

    /// <summary>The limit of a request.</summary>
    /// <param name="options">The cluster's options.</param>
    /// <param name="own">The request's own; its timeout counts from the call.</param>
    /// <param name="waited">How long the call has waited for the start of the cluster.</param>
    /// <exception cref="ArgumentOutOfRangeException">The request's own timeout is zero or negative.</exception>
    public static RequestLimit Begin(IpcPeerOptions options, RequestOptions? own, TimeSpan waited = default)
    {
        TimeSpan timeout = own?.Timeout is { } set ? Messaging.Deadline.Normalise(set) : options.RequestTimeout;
        TimeSpan left = own?.Timeout is null ? timeout : timeout - waited;
        return new RequestLimit(
            timeout, timeout == System.Threading.Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)left.TotalMilliseconds);
    }

    /// <summary>How long the request may wait for room, when its sender allows so much.</summary>
    public TimeSpan Bound(TimeSpan sendTimeout)
    {
        TimeSpan left = Left;
        return left == System.Threading.Timeout.InfiniteTimeSpan || (sendTimeout != System.Threading.Timeout.InfiniteTimeSpan && sendTimeout < left) ? sendTimeout : left;
    }

    /// <summary>What the asker gets whose request was not even sent within its time.</summary>
    public IpcException NotSent(string action, PeerId peer) => new(
        IpcError.Timeout,
        FormattableString.Invariant($"\"{action}\" was not sent: there was no room for it in the inbox of {peer}, or no lane to it, within {Timeout} (Ipc:RequestTimeout or RequestOptions.Timeout)."));
}
