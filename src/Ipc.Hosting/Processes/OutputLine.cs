using System.Collections;

namespace Ipc.Processes;

/// <summary>A worker's line as the state of a log record: who printed it, for providers that keep values, and the text, for those that do not.</summary>
internal readonly struct OutputLine(PeerId worker, string line) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 5;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("Group", worker.Group),
        1 => new("WorkerId", worker.WorkerId),
        2 => new("Incarnation", worker.Incarnation),
        3 => new("Line", line),
        4 => new("{OriginalFormat}", "{Group}/{WorkerId}: {Line}"),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => FormattableString.Invariant($"{worker.Group}/{worker.WorkerId}: {line}");
}
