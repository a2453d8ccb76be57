using System.Diagnostics;
using System.Globalization;

namespace TextStats;

/// <summary>Shows on standard error how far the count is: one line that is rewritten on a terminal, else a line a second at most.</summary>
internal sealed class Progress
{
    private readonly Lock _lock = new();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly Stopwatch _clock = new();
    private TimeSpan _next;
    private int _files;
    private int _done;
    private long _bytes;

    /// <summary>Counting begins.</summary>
    /// <param name="files">How many files there are.</param>
    public void Begin(int files)
    {
        lock (_lock)
        {
            _files = files;
            _clock.Restart();
            _next = Interval;
        }
    }

    /// <summary>One file is done.</summary>
    /// <param name="bytes">Its size.</param>
    public void FileDone(long bytes)
    {
        lock (_lock)
        {
            _done++;
            _bytes += bytes;
            if (_clock.Elapsed >= _next)
            {
                _next = _clock.Elapsed + Interval;
                Show();
            }
        }
    }

    /// <summary>Counting has ended.</summary>
    public void End()
    {
        lock (_lock)
        {
            Show();
            if (_terminal)
            {
                Console.Error.WriteLine();
            }
        }
    }

    /// <summary>Says something between two lines of progress.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            Console.Error.WriteLine(_terminal ? "\r\e[K" + line : line);
        }
    }

    private TimeSpan Interval => _terminal ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1);

    private void Show()
    {
        double seconds = Math.Max(_clock.Elapsed.TotalSeconds, 0.001);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{_done} of {_files} files, {_bytes / 1048576.0:0.0} MiB, {_bytes / 1048576.0 / seconds:0} MiB/s");
        if (_terminal)
        {
            Console.Error.Write("\r\e[K" + line);
        }
        else
        {
            Console.Error.WriteLine(line);
        }
    }
}
