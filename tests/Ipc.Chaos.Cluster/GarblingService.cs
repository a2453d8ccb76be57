using Microsoft.Extensions.Hosting;

namespace Ipc.Chaos.Cluster;

/// <summary>
/// Makes its worker a broken peer, when the chaos program has chosen it: it writes garbage where its process may write what others read, now and then. Nobody else may suffer from it.
/// </summary>
internal sealed class GarblingService(IpcProcess process, LedgerFile ledger) : BackgroundService
{
    public const string Variable = "IPC_CHAOS_GARBLER";

    private readonly Random _random = new(ledger.Seed + process.Incarnation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) != $"{process.Group}/{process.WorkerId}")
        {
            return;
        }

        string stop = Path.Combine(ledger.Folder, "stop");
        await Task.Delay(_random.Next(100, 1000), stoppingToken); // lanes have to be there first
        while (!File.Exists(stop))
        {
            // Most of the time the memory: a few bytes to the control connection end the process, and with it everything.
            string? what = _random.Next(20) == 0 ? null : SharedMemoryGarbage.Write(_random);
            ledger.Write('G', what ?? SocketGarbage.Write(_random) ?? "nothing to garble yet");
            await Task.Delay(_random.Next(20, 300), stoppingToken);
        }
    }
}
