namespace Ipc;

/// <summary>One target that could not take a message, and why.</summary>
/// <param name="Peer">The target; incarnation 0 when none is running.</param>
/// <param name="Error">What a send to this target alone would have thrown.</param>
public sealed record SendFailure(PeerId Peer, IpcException Error);
