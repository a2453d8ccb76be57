namespace Ipc.Transports.Rings;

/// <summary>Hands out places of an arena: first fit over a sorted list of gaps. Lives in the process only; a successor rebuilds it from the live entries.</summary>
/// <remarks>Not thread-safe: the owner has a lock.</remarks>
internal sealed class ArenaAllocator(int size)
{
    /// <summary>Every place is a multiple of it.</summary>
    public const int Alignment = 64;

    private readonly int _size = size;
    private readonly List<(int Offset, int Length)> _gaps = [(0, size)];

    /// <summary>Bytes that are not handed out.</summary>
    public int Free { get; private set; } = size;

    /// <summary>What a frame takes.</summary>
    public static int Round(int length) => (length + (Alignment - 1)) & -Alignment;

    /// <summary>Whether there is a place for so many bytes.</summary>
    public bool CanAllocate(int length)
    {
        length = Round(length);
        if (length > Free)
        {
            return false;
        }

        foreach ((_, int gap) in _gaps)
        {
            if (gap >= length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a place.</summary>
    /// <returns>Where, or -1 when there is none.</returns>
    public int Allocate(int length)
    {
        length = Round(length);
        for (int i = 0; i < _gaps.Count; i++)
        {
            (int offset, int gap) = _gaps[i];
            if (gap >= length)
            {
                Cut(i, offset, length);
                return offset;
            }
        }

        return -1;
    }

    /// <summary>Takes exactly this place, for rebuilding.</summary>
    /// <returns>Whether there is such a place and it was free.</returns>
    public bool Reserve(int offset, int length)
    {
        if (length <= 0 || length > _size || offset % Alignment != 0)
        {
            return false;
        }

        length = Round(length);
        for (int i = 0; i < _gaps.Count; i++)
        {
            (int gapOffset, int gap) = _gaps[i];
            if (offset >= gapOffset && offset <= gapOffset + gap - length)
            {
                Cut(i, offset, length);
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Release(int offset, int length)
    {
        length = Round(length);
        Free += length;
        int i = 0;
        while (i < _gaps.Count && _gaps[i].Offset < offset)
        {
            i++;
        }

        _gaps.Insert(i, (offset, length));
        if (i + 1 < _gaps.Count && offset + length == _gaps[i + 1].Offset)
        {
            _gaps[i] = (offset, length + _gaps[i + 1].Length);
            _gaps.RemoveAt(i + 1);
        }

        if (i > 0 && _gaps[i - 1].Offset + _gaps[i - 1].Length == offset)
        {
            _gaps[i - 1] = (_gaps[i - 1].Offset, _gaps[i - 1].Length + _gaps[i].Length);
            _gaps.RemoveAt(i);
        }
    }

    private void Cut(int index, int offset, int length)
    {
        (int gapOffset, int gap) = _gaps[index];
        int before = offset - gapOffset;
        int after = gap - before - length;
        _gaps.RemoveAt(index);
        if (after > 0)
        {
            _gaps.Insert(index, (offset + length, after));
        }

        if (before > 0)
        {
            _gaps.Insert(index, (gapOffset, before));
        }

        Free -= length;
    }
}
