namespace Ipc.Transports;

/// <summary>One row of the directory: a worker id (running or between two incarnations), the supervisor, or a client.</summary>
/// <param name="Id">The peer; incarnation 0 before the first start.</param>
/// <param name="IsReady">Whether that incarnation has said that it is ready.</param>
/// <param name="Actions">What it, or its predecessor, listens to; empty when not known yet.</param>
/// <param name="IsGivenUp">Whether nobody is started for the worker id any more, and its inbox takes nothing.</param>
/// <param name="IsClosing">Whether the worker id is taken away: its process finishes what its inbox holds, which takes nothing more.</param>
public sealed record PeerInfo(PeerId Id, bool IsReady, PeerActions Actions, bool IsGivenUp = false, bool IsClosing = false)
{
    /// <summary>Whether messages may be for it.</summary>
    public bool IsTarget => !IsGivenUp && !IsClosing;
}
