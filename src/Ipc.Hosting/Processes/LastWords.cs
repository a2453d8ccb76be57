using System.Text;
using Microsoft.Extensions.Logging;

namespace Ipc.Processes;

/// <summary>What a worker said last that may explain its end. Texts are without control characters, and cut after 400 characters. Any thread may read; each method is for one thread at a time.</summary>
internal sealed class LastWords
{
    private const int MaxLength = 400;
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private string? _errorLine;
    private string? _loggedError;
    private bool _isOfHost;

    /// <summary>
    /// The last line of its standard error that begins at the margin: of an unhandled exception that is its message, and not a line of its stack trace. <see langword="null"/> when there was none.
    /// </summary>
    public string? ErrorLine => Volatile.Read(ref _errorLine);

    /// <summary>
    /// The last error that its console logger wrote: the message, and the exception's type and message. The first that its host wrote stays: what comes then is what came of that.
    /// <see langword="null"/> when there was none.
    /// </summary>
    public string? LoggedError => Volatile.Read(ref _loggedError);

    /// <summary>A record of its console logger.</summary>
    public void Add(OutputRecord record)
    {
        if (record.Level < LogLevel.Error || _isOfHost)
        {
            return;
        }

        _isOfHost = string.Equals(record.Category, HostCategory, StringComparison.Ordinal);
        IEnumerable<string> lines = record.Text.Split('\n').TakeWhile(static line => !IsOfStack(line)).Select(static line => line.Trim()).Where(static line => line.Length > 0);
        Volatile.Write(ref _loggedError, Clean(string.Join(": ", lines).Replace(": --->", " --->", StringComparison.Ordinal))); // which marks an inner exception
    }

    /// <summary>Whole lines of its standard error.</summary>
    public void Add(ReadOnlySpan<byte> lines)
    {
        ReadOnlySpan<byte> left = lines;
        while (!left.IsEmpty)
        {
            int end = left.LastIndexOf((byte)'\n');
            ReadOnlySpan<byte> line = left[(end + 1)..];
            if (!line.IsEmpty && line[0] > (byte)' ')
            {
                Volatile.Write(ref _errorLine, Clean(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4 * MaxLength)])));
                return;
            }

            left = left[..Math.Max(end, 0)];
        }
    }

    private static bool IsOfStack(string line) => line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith("   --- ", StringComparison.Ordinal);

    private static string Clean(string line)
    {
        var text = new StringBuilder(Math.Min(line.Length, MaxLength));
        foreach (Rune rune in line.EnumerateRunes())
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
