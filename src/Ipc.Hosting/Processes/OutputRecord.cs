using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Ipc.Processes;

/// <summary>A record of a worker's console logger on its way to the supervisor: one line, so that it stays whole among other lines.</summary>
/// <param name="Level">Its level.</param>
/// <param name="EventId">The number of its event.</param>
/// <param name="Category">Its category.</param>
/// <param name="Text">Its message, and the exception below it.</param>
/// <remarks>
/// <code>
/// RS  level (a digit)  US  event id  US  category  US  text, in which \\, \n and \r stand for themselves  LF
/// </code>
/// </remarks>
internal readonly record struct OutputRecord(LogLevel Level, int EventId, string Category, string Text)
{
    /// <summary>Begins a record.</summary>
    public const byte Start = 0x1E;

    private const byte Separator = 0x1F;

    /// <summary>Writes the line.</summary>
    public void WriteTo(TextWriter writer)
    {
        writer.Write((char)Start);
        writer.Write((int)Level);
        writer.Write((char)Separator);
        writer.Write(EventId);
        writer.Write((char)Separator);
        WriteEscaped(writer, Category);
        writer.Write((char)Separator);
        WriteEscaped(writer, Text);
        writer.Write('\n');
    }

    /// <summary>Reads a line without its line feed; what was cut off at the end of the text is missing from it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out OutputRecord record)
    {
        record = default;
        if (line.Length < 3 || line[0] != Start || line[1] is < (byte)'0' or > (byte)'5' || line[2] != Separator)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[3..];
        if (!Utf8Parser.TryParse(rest, out int eventId, out int used) || rest[used..].IndexOf(Separator) != 0)
        {
            return false;
        }

        rest = rest[(used + 1)..];
        int end = rest.IndexOf(Separator);
        if (end < 0)
        {
            return false;
        }

        record = new OutputRecord((LogLevel)(line[1] - '0'), eventId, Unescape(rest[..end]), Unescape(rest[(end + 1)..]));
        return true;
    }

    /// <summary>The text as it was before it was written.</summary>
    public static string Unescape(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isEscape = text[i] == '\\' && i + 1 < text.Length;
            plain.Append(isEscape ? text[++i] switch { 'n' => '\n', 'r' => '\r', var other => other } : text[i]);
        }

        return plain.ToString();
    }

    private static void WriteEscaped(TextWriter writer, string text)
    {
        foreach (char c in text)
        {
            switch (c)
            {
                case '\\':
                    writer.Write("\\\\");
                    break;
                case '\n':
                    writer.Write("\\n");
                    break;
                case '\r':
                    writer.Write("\\r");
                    break;
                case (char)Start or (char)Separator:
                    writer.Write(' ');
                    break;
                default:
                    writer.Write(c);
                    break;
            }
        }
    }
}
