using System.Text;

namespace Ipc.Processes;

/// <summary>Keeps the last line of what a worker printed that begins at the margin: of an unhandled exception that is its message, and not a line of its stack trace.</summary>
internal sealed class LastLine
{
    private const int MaxLength = 400;

    private string? _text;

    /// <summary>The line without control characters, cut after 400 characters; <see langword="null"/> when there was none.</summary>
    public string? Text => Volatile.Read(ref _text);

    /// <summary>Looks at whole lines.</summary>
    public void Add(ReadOnlySpan<byte> lines)
    {
        ReadOnlySpan<byte> left = lines;
        while (!left.IsEmpty)
        {
            int end = left.LastIndexOf((byte)'\n');
            ReadOnlySpan<byte> line = left[(end + 1)..];
            if (!line.IsEmpty && line[0] > (byte)' ')
            {
                Volatile.Write(ref _text, Clean(line));
                return;
            }

            left = left[..Math.Max(end, 0)];
        }
    }

    private static string Clean(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder(Math.Min(line.Length, MaxLength));
        foreach (Rune rune in Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4 * MaxLength)]).EnumerateRunes())
        {
            if (text.Length >= MaxLength)
            {
                return text.Append("...").ToString();
            }

            if (!Rune.IsControl(rune))
            {
                text.Append(rune);
            }
        }

        return text.ToString();
    }
}
