using System.Text;

namespace Ipc.Processes;

/// <summary>Makes log records of the lines of one worker's stream.</summary>
/// <param name="log">Where to.</param>
/// <param name="worker">Whose lines.</param>
/// <param name="isError">Whether they are its standard error's.</param>
/// <param name="lastWords">Sees the records.</param>
internal sealed class LogSink(OutputLog log, PeerId worker, bool isError, LastWords lastWords) : IOutputSink
{
    private const string Mark = "…";

    private bool _goesOn;
    private OutputRecord? _record;

    public void Write(ReadOnlySpan<byte> lines, bool isCut)
    {
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf((byte)'\n');
            bool isWhole = end >= 0;
            WriteLine(isWhole ? lines[..end] : lines, isCut && !isWhole);
            lines = isWhole ? lines[(end + 1)..] : default;
        }
    }

    private void WriteLine(ReadOnlySpan<byte> line, bool isCut)
    {
        string begin = _goesOn ? Mark : "";
        string end = isCut ? Mark : "";
        if (_goesOn && _record is { } begun)
        {
            log.Write(worker, begun with { Text = begin + OutputRecord.Unescape(line) + end });
        }
        else
        {
            int start = line.IndexOf(OutputRecord.Start);
            _record = start >= 0 && OutputRecord.TryRead(line[start..], out OutputRecord record) ? record : null;
            ReadOnlySpan<byte> text = _record is null ? line : line[..start]; // before a record: what was printed without a line feed
            text = text.TrimEnd((byte)'\r');
            if (!text.IsEmpty)
            {
                log.Write(new OutputLine(worker, begin + Encoding.UTF8.GetString(text) + (_record is null ? end : "")), isError);
            }

            if (_record is { } whole)
            {
                lastWords.Add(whole);
                log.Write(worker, whole with { Text = whole.Text + end });
            }
        }

        _goesOn = isCut;
    }
}
