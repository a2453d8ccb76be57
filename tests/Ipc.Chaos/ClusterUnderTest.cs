using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ipc.Chaos;

/// <summary>A supervisor process with five workers in two groups, started anew for a round.</summary>
internal sealed class ClusterUnderTest : IDisposable
{
    private const string Marker = "IPC_CHAOS_FOLDER";

    private readonly Process _supervisor;
    private readonly ConcurrentQueue<string> _output = new();

    public ClusterUnderTest(string folder, bool overPipes, int seed, string? garbler)
    {
        Folder = folder;
        Temporary = Path.Combine(folder, "tmp");
        Directory.CreateDirectory(Temporary);
        string program = Path.Combine(AppContext.BaseDirectory.Replace("Ipc.Chaos", "Ipc.Chaos.Cluster", StringComparison.Ordinal), "Ipc.Chaos.Cluster.dll");
        string[] arguments =
        [
            program, "--Ipc:Workers:Count=3", "--Ipc:Groups:task:Count=2", "--Ipc:RingSize=65536",
            "--Ipc:Workers:Restart:Limit=10000", "--Ipc:Groups:task:Restart:Limit=10000", "--Ipc:Workers:Restart:MaxDelay=00:00:01", "--Ipc:Groups:task:Restart:MaxDelay=00:00:01",
            $"--Ipc:StartTimeout={Limits.StartTimeout}", $"--Ipc:SendTimeout={Limits.SendTimeout}", $"--Ipc:RequestTimeout={Limits.RequestTimeout}", .. overPipes ? (string[])["--Ipc:SharedMemoryLimit=0"] : [],
        ];
        var info = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment[Marker] = folder;
        info.Environment["IPC_CHAOS_SEED"] = seed.ToString(System.Globalization.CultureInfo.InvariantCulture);
        info.Environment["IPC_CHAOS_GARBLER"] = garbler ?? "";
        info.Environment["TMPDIR"] = Temporary;
        _supervisor = Process.Start(info)!;
        _supervisor.OutputDataReceived += (_, e) => Note(e.Data);
        _supervisor.ErrorDataReceived += (_, e) => Note(e.Data);
        _supervisor.BeginOutputReadLine();
        _supervisor.BeginErrorReadLine();
    }

    public string Folder { get; }

    /// <summary>The only place where these processes may leave files.</summary>
    public string Temporary { get; }

    public int SupervisorId => _supervisor.Id;

    public bool IsRunning => !_supervisor.HasExited;

    /// <summary>What supervisor and workers have printed.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>All processes of the cluster that live, whatever they are.</summary>
    public List<int> Alive() => Linux.WithEnvironment($"{Marker}={Folder}");

    /// <summary>Workers that have come as far as their ledger file and live.</summary>
    public List<Member> Workers() => [.. Member.All(Folder).Where(m => !m.IsSupervisor && Linux.IsAlive(m.ProcessId))];

    public async Task<bool> WaitForExitAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await _supervisor.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public int ExitCode => _supervisor.ExitCode;

    public void Dispose()
    {
        foreach (int processId in Alive())
        {
            Linux.Signal(processId, Linux.Kill);
        }

        _supervisor.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
