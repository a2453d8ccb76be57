using System.Diagnostics;
using System.Globalization;
using Ipc;
using Microsoft.Extensions.Hosting;
using TextStats.Counting;

namespace TextStats;

/// <summary>Runs in the supervisor: counts, reports, compares when asked to, and ends the program.</summary>
internal sealed class CountingService(
    CommandLine command, IMessageSender sender, RunResult result, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            result.ExitCode = await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            result.ExitCode = ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IpcException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            result.ExitCode = ExitCodes.Failure;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int workers = await CountWorkersAsync(cancellationToken);
        var clock = Stopwatch.StartNew();
        FolderTotals totals = await new ClusterCounter(sender, new Progress()).CountAsync(command.Folder, workers, cancellationToken);
        var report = new Report(totals, workers, clock.Elapsed);
        Console.WriteLine(command.Json ? report.ToJson() : report.ToTable());
        ListUnreadable(totals);
        return command.Verify ? await VerifyAsync(report, cancellationToken) : ExitCodes.Success;
    }

    /// <summary>How many workers there are is decided by the command line, the configuration or the machine, so they are asked.</summary>
    private async Task<int> CountWorkersAsync(CancellationToken cancellationToken)
    {
        int workers = 0;
        await foreach (PeerAnswer<int> _ in sender.RequestAllAsync(new RollCall(), cancellationToken: cancellationToken))
        {
            // One that could not answer counts too: it is started again.
            workers++;
        }

        return workers;
    }

    private static void ListUnreadable(FolderTotals totals)
    {
        if (totals.Unreadable.Count == 0)
        {
            return;
        }

        Console.Error.WriteLine($"{totals.Unreadable.Count} could not be read:");
        foreach (UnreadableEntry entry in totals.Unreadable)
        {
            Console.Error.WriteLine($"  {entry.Path}: {entry.Reason}");
        }
    }

    private async Task<int> VerifyAsync(Report report, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        FolderTotals here = await Task.Run(() => FolderTotals.CountHere(command.Folder, cancellationToken), cancellationToken);
        string seconds = string.Create(
            CultureInfo.InvariantCulture, $"{report.Elapsed.TotalSeconds:0.000} s with {report.Workers} workers, {clock.Elapsed.TotalSeconds:0.000} s in one process");
        IReadOnlyList<string> differences = report.Totals.DifferencesTo(here);
        if (differences.Count == 0)
        {
            await Console.Error.WriteLineAsync($"verified: the same in one process ({seconds})");
            return ExitCodes.Success;
        }

        await Console.Error.WriteLineAsync($"NOT the same in one process ({seconds}):");
        foreach (string difference in differences)
        {
            await Console.Error.WriteLineAsync("  " + difference);
        }

        return ExitCodes.Failure;
    }
}
