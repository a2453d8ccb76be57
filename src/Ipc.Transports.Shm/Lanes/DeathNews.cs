namespace Ipc.Transports.Lanes;

/// <summary>Holds news of a dead incarnation back until the answers that it had sent have been read: they end their requests, the news fail what is left. Any thread.</summary>
internal sealed class DeathNews
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, int> _lanes = [];
    private readonly Dictionary<PeerId, List<Action>> _waiting = [];

    /// <summary>A lane of answers has come; before its first frame is delivered.</summary>
    public void LaneOpened(PeerId writer)
    {
        lock (_gate)
        {
            _lanes[writer] = _lanes.GetValueOrDefault(writer) + 1;
        }
    }

    /// <summary>Nothing more is read from a lane of answers; after its last frame was delivered.</summary>
    public void LaneEnded(PeerId writer)
    {
        List<Action>? news = null;
        lock (_gate)
        {
            if (--_lanes[writer] == 0)
            {
                _lanes.Remove(writer);
                _waiting.Remove(writer, out news);
            }
        }

        news?.ForEach(tell => tell());
    }

    /// <summary>Tells now, or when the last lane of answers of that incarnation has ended: one that is dead writes no more, so each of its lanes comes to an end.</summary>
    /// <param name="dead">The incarnation.</param>
    /// <param name="tell">Tells the receiver.</param>
    public void Tell(PeerId dead, Action tell)
    {
        lock (_gate)
        {
            if (_lanes.ContainsKey(dead))
            {
                if (!_waiting.TryGetValue(dead, out List<Action>? news))
                {
                    _waiting.Add(dead, news = []);
                }

                news.Add(tell);
                return;
            }
        }

        tell();
    }
}
