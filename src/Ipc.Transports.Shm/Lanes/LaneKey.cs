namespace Ipc.Transports.Lanes;

/// <summary>What makes two lanes of one writer the same: an inbox belongs to a worker id, answers to one exact incarnation.</summary>
/// <param name="Reader">The reader; incarnation 0 for an inbox.</param>
/// <param name="Kind">What the lane is for.</param>
internal readonly record struct LaneKey(PeerId Reader, LaneKind Kind)
{
    /// <summary>The key of a lane to <paramref name="reader"/>.</summary>
    public static LaneKey For(PeerId reader, LaneKind kind) => new(kind == LaneKind.Inbox ? reader with { Incarnation = 0 } : reader, kind);
}
