namespace Ipc.Messaging;

/// <summary>How long one call waits for the start of its cluster, counted from the call: <c>Ipc:StartTimeout</c>, or less where the call's own options say less.</summary>
internal readonly struct StartWait
{
    private readonly long _calledAt;
    private readonly TimeSpan _limit;
    private readonly string? _ownOption;

    private StartWait(TimeSpan limit, string? ownOption)
    {
        _calledAt = Environment.TickCount64;
        _limit = limit;
        _ownOption = ownOption;
    }

    /// <summary>How much of the time is left, at least zero.</summary>
    public TimeSpan Left => _limit - Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>How long ago the call began.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMilliseconds(Environment.TickCount64 - _calledAt);

    /// <summary>The wait of a call that begins now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The request's own timeout is zero or negative.</exception>
    public static StartWait Begin(IpcPeerOptions options, SendOptions? call)
    {
        (TimeSpan limit, string? ownOption) = (options.StartTimeout, null);
        if (call?.SendTimeout is { } send && send >= TimeSpan.Zero && send < limit)
        {
            (limit, ownOption) = (send, "SendOptions.SendTimeout");
        }

        if (call is RequestOptions { Timeout: { } own } && Deadline.Normalise(own) is var timeout && timeout != Timeout.InfiniteTimeSpan && timeout < limit)
        {
            (limit, ownOption) = (timeout, "RequestOptions.Timeout");
        }

        return new StartWait(limit, ownOption);
    }

    /// <summary>The time and where it is set, for messages.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{_limit} ({(_ownOption is null ? "Ipc:StartTimeout" : $"{_ownOption}, shorter than Ipc:StartTimeout")})");
}
