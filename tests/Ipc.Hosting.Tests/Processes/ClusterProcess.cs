using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>The test program as a real supervisor process with real workers, driven by commands.</summary>
internal sealed partial class ClusterProcess : IAsyncDisposable
{
    private const int SigStop = 19;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120); // a worker that is started again several times on a busy machine

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _commands = new();
    private readonly List<(Func<string, bool> Condition, TaskCompletionSource<string> Found)> _waiting = [];
    private int _tag;

    private ClusterProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => OnLine(e.Data);
        process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public string Output => string.Join('\n', _lines);

    public static string AppPath(string name) => Path.Combine(AppContext.BaseDirectory.Replace("Ipc.Hosting.Tests", name, StringComparison.Ordinal), name + ".dll");

    /// <summary>Starts the program and waits until its cluster is ready.</summary>
    public static async Task<ClusterProcess> StartAsync(params string[] arguments)
    {
        ClusterProcess cluster = StartWithoutWaiting("dotnet", [AppPath("Ipc.Hosting.TestApp"), .. arguments]);
        try
        {
            await cluster.WaitForLineAsync(l => l.EndsWith("is ready", StringComparison.Ordinal) && l.StartsWith("supervisor", StringComparison.Ordinal));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public static ClusterProcess StartWithoutWaiting(string file, IEnumerable<string> arguments, Action<ProcessStartInfo>? configure = null)
    {
        string[] given = [.. arguments];
        var info = new ProcessStartInfo(file, given)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] groups = [.. given.Where(a => a.StartsWith("--Ipc:Groups:", StringComparison.Ordinal)).Select(a => $"Groups__{a.Split(':')[2]}").Distinct()];
        string[] workers = groups.Length == 0 || given.Any(a => a.StartsWith("--Ipc:Workers:Count=", StringComparison.Ordinal)) ? ["Workers"] : [];
        foreach (string group in groups.Concat(workers))
        {
            info.Environment[$"Ipc__{group}__HangTimeout"] = "-00:00:00.001"; // many tests block a listener on purpose; the command line may say otherwise
        }

        configure?.Invoke(info);
        return new ClusterProcess(Process.Start(info)!);
    }

    public static void Signal(int processId, int signal) => _ = Kill(processId, signal);

    /// <summary>Stops a process by SIGSTOP, and waits until none of its threads runs any more: they go on until the signal is delivered.</summary>
    public static async Task SuspendAsync(int processId)
    {
        Signal(processId, SigStop);
        await UntilAsync(() => Directory.GetDirectories($"/proc/{processId}/task").All(t => StateOf(t) is 'T' or 'X'), "every thread is stopped");
    }

    /// <summary>Whether a process runs, zombies not counted.</summary>
    public static bool IsAlive(int processId) => StateOf($"/proc/{processId}") is not ('Z' or 'X');

    /// <summary>Waits for a condition that nothing announces, with a deadline.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (within ?? Deadline))
            {
                throw new TimeoutException($"After {watch.Elapsed} still not: {what}");
            }

            await Task.Delay(10);
        }
    }

    /// <summary>Runs a command; an error of the command is thrown.</summary>
    public async Task<string> CommandAsync(string command)
    {
        string tag = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _tag)}");
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands[tag] = answer;
        await _process.StandardInput.WriteLineAsync($"{tag} {command}");
        await _process.StandardInput.FlushAsync();
        try
        {
            return await answer.Task.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"\"{command}\" has no answer. Output:\n{Output}");
        }
    }

    /// <summary>Process ids of all workers by their names such as <c>worker/1</c>.</summary>
    public async Task<Dictionary<string, int>> WorkersAsync()
    {
        string who = await CommandAsync("who");
        return WorkerPattern().Matches(who).ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for a line that was or will be printed.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> condition)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            if (_lines.FirstOrDefault(condition) is { } line)
            {
                return line;
            }

            _waiting.Add((condition, found));
        }

        Task exited = _process.WaitForExitAsync();
        await Task.WhenAny(found.Task, exited, Task.Delay(Deadline));
        return found.Task.IsCompletedSuccessfully || _lines.Any(condition)
            ? _lines.First(condition)
            : throw new TimeoutException($"The line did not come (ended: {exited.IsCompleted}). Output:\n{Output}");
    }

    /// <summary>Waits for a line, and says what stands before it.</summary>
    public async Task<string> LineBeforeAsync(string line)
    {
        await WaitForLineAsync(l => l == line);
        string[] lines = [.. _lines];
        return lines[Array.IndexOf(lines, line) - 1];
    }

    /// <summary>Waits for the process to end.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>The state of a process or thread, by its letter; that of a dead one when it is not there.</summary>
    private static char StateOf(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_waiting)
        {
            _lines.Enqueue(line);
            foreach ((Func<string, bool> condition, TaskCompletionSource<string> found) in _waiting)
            {
                if (condition(line))
                {
                    found.TrySetResult(line);
                }
            }
        }

        string[] parts = line.Split(' ', 3);
        if (parts.Length >= 2 && _commands.TryRemove(parts[0], out TaskCompletionSource<string>? answer))
        {
            if (parts[1] == "ok")
            {
                answer.TrySetResult(parts.Length > 2 ? parts[2] : "");
            }
            else
            {
                answer.TrySetException(new InvalidOperationException(parts.Length > 2 ? parts[2] : "error"));
            }
        }
    }

    [GeneratedRegex(@"(\S+/\d+)#\d+ pid=(\d+)")]
    private static partial Regex WorkerPattern();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
