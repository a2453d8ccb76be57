using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ipc.Transports.Rings.Tests;

/// <summary>A real second process, tests/Ipc.Transports.Rings.Peer, and the lines that it has written.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _endOfOutput = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PeerProcess(params string[] arguments)
    {
        // tests/X.Tests/bin/<configuration>/net10.0 -> tests/X.Peer/bin/<configuration>/net10.0
        string program = Path.Join(AppContext.BaseDirectory.Replace("Ipc.Transports.Rings.Tests", "Ipc.Transports.Rings.Peer", StringComparison.Ordinal), "Ipc.Transports.Rings.Peer.dll");
        Assert.True(File.Exists(program), $"{program} is missing: build the solution.");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", program, .. arguments, $"parent={Environment.ProcessId}"])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _endOfOutput.TrySetResult();
            }
            else
            {
                Lines.Enqueue(line.Data);
            }
        };
        _process.BeginOutputReadLine();
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Whether the kernel has stopped it.</summary>
    public bool IsStopped
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{Id}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'T';
        }
    }

    public int ExitCode => _process.ExitCode;

    public Task Ready() => Wait.Until(() => Lines.Contains($"pid {Id}") || HasExited, "the second process starts");

    public async Task Exited()
    {
        await _process.WaitForExitAsync().WaitAsync(Wait.Deadline);
        await _endOfOutput.Task.WaitAsync(Wait.Deadline);
    }

    /// <summary>Writes a line to its standard input.</summary>
    public void Send(string line) => _process.StandardInput.WriteLine(line);

    public async Task Kill()
    {
        _process.Kill(); // SIGKILL
        await Exited();
    }

    public async Task Stop()
    {
        _process.StandardInput.Close();
        await Exited();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
