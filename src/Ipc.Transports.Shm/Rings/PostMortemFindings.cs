namespace Ipc.Transports.Rings;

/// <summary>What a post-mortem has found so far about messages that do not go on.</summary>
internal sealed class PostMortemFindings
{
    private readonly List<InterruptedRequest> _interrupted = [];
    private readonly Dictionary<(PeerId Sender, ulong Action, bool AreUnreadable), int> _lost = [];
    private readonly Dictionary<ulong, int> _running = [];

    /// <summary>A listener had started and not ended, whatever becomes of its message.</summary>
    public void AddRunning(ulong action) => _running[action] = _running.GetValueOrDefault(action) + 1;

    /// <summary>A message ends with the process.</summary>
    /// <param name="ring">The ring that it came through, if that is still there.</param>
    /// <param name="isRequest">Whether somebody waits for its answer.</param>
    /// <param name="correlation">Its sender's number for it.</param>
    /// <param name="action">Its action.</param>
    /// <param name="areUnreadable">Whether it had not started: what is left of it makes no sense.</param>
    public void AddEnded(RingSegment? ring, bool isRequest, long correlation, ulong action, bool areUnreadable = false)
    {
        PeerId sender = ring?.Sender ?? default;
        if (!isRequest)
        {
            _lost[(sender, action, areUnreadable)] = _lost.GetValueOrDefault((sender, action, areUnreadable)) + 1;
        }
        else if (ring is not null)
        {
            _interrupted.Add(new InterruptedRequest(sender, correlation, action)); // an asker whose ring is gone is gone itself
        }
    }

    /// <summary>The whole.</summary>
    public PostMortemReport ToReport(IReadOnlyList<TakenPosition> taken) => new(
        _interrupted,
        [.. _lost.Select(pair => new LostMessages(pair.Key.Sender, pair.Key.Action, pair.Value) { AreUnreadable = pair.Key.AreUnreadable })],
        _running,
        taken);
}
