using System.Diagnostics;

namespace Ipc.Benchmarks;

/// <summary>This program once more, with other arguments; it gets orders and answers them, a line each. It ends when its input does.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _what;

    private ChildProcess(Process process, string what)
    {
        _process = process;
        _what = what;
    }

    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    public static ChildProcess Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(info.FileName) == "dotnet")
        {
            info.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        Process process = Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} did not start.");
        return new ChildProcess(process, string.Join(' ', arguments));
    }

    /// <summary>Writes a line to it.</summary>
    public void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Its next line.</summary>
    /// <exception cref="TimeoutException">It wrote none for a minute.</exception>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task<string> ReadAsync()
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1))
                ?? throw new InvalidOperationException($"The process \"{_what}\" ended before it had answered; its error output says why.");
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process \"{_what}\" did not answer for a minute.");
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
