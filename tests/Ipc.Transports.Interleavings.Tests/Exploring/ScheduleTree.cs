namespace Ipc.Transports.Interleavings.Tests;

/// <summary>All decisions of all schedules, walked depth first: a schedule repeats the decisions on its path, and takes the first alternative behind it.</summary>
internal sealed class ScheduleTree
{
    private readonly List<(int Chosen, int Count)> _path = [];
    private int _position;

    /// <summary>Whether a repeated decision had other alternatives than before: the schedule is not the one that it should be.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>A decision of the present schedule.</summary>
    public int Choose(int count)
    {
        if (count == 1)
        {
            return 0;
        }

        if (_position == _path.Count)
        {
            _path.Add((0, count));
        }
        else if (_path[_position].Count != count)
        {
            HasDiverged = true;
            return 0;
        }

        return _path[_position++].Chosen;
    }

    /// <summary>Begins the same schedule again.</summary>
    public void Repeat()
    {
        _position = 0;
        HasDiverged = false;
    }

    /// <summary>Begins the next one.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        _position = 0;
        while (_path.Count != 0)
        {
            (int chosen, int count) = _path[^1];
            if (chosen + 1 < count)
            {
                _path[^1] = (chosen + 1, count);
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }
}
