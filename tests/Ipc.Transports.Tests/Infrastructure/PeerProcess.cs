using System.Diagnostics;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A real second process: the program in tests/Ipc.Transports.Peer as one incarnation of a worker.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<PeerProcess> StartAsync(TestSupervisor supervisor, PeerId worker, params string[] arguments) =>
        StartAsync(supervisor, worker, new Dictionary<string, string>(), arguments);

    /// <summary>Starts it with more variables in its environment, and waits until it is ready.</summary>
    public static async Task<PeerProcess> StartAsync(TestSupervisor supervisor, PeerId worker, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        WorkerTicket ticket = supervisor.Transport.ExpectWorker(worker);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Ipc.Transports.Peer.dll"), $"{worker.WorkerId}", $"{worker.Incarnation}" },
            Environment = { ["IPC_TEST_ENDPOINT"] = ticket.Endpoint, ["IPC_TEST_SECRET"] = ticket.Secret },
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        supervisor.Transport.SetProcessId(worker, process.Id);
        await supervisor.Receiver.WhenDirectoryAsync(d => d.Find(worker) is { IsReady: true } row && row.Id == worker);
        return new PeerProcess(process);
    }

    /// <summary>kill -9, and waits for the end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitedAsync();
    }

    /// <summary>Waits for the end.</summary>
    public Task ExitedAsync() => _process.WaitForExitAsync().WaitAsync(Frames.Patience);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
