using Ipc.Processes;
using Ipc.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>How processes are started.</summary>
public sealed class ProcessLauncherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("/dev/null/dumps")] // no folder can be made below a file
    [InlineData("/proc")] // one that is there, and takes no files
    public async Task Workers_whose_folder_for_dumps_cannot_be_written_to_run_without_and_the_log_names_the_option_once(string folder)
    {
        using var script = new WorkerScript("#!/bin/sh\necho \"dumps: $DOTNET_DbgEnableMiniDump\" >&2\n");
        var log = new RecordingLog();
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        using var launcher = new ProcessLauncher(new WorkerOutput(NullLoggerFactory.Instance, services), new FakeLifeline(), log.CreateLogger("Ipc"));
        var options = new IpcGroupOptions { Program = script.FilePath, DumpFolder = folder };

        for (int worker = 0; worker < 2; worker++)
        {
            Assert.Equal("dumps: ", await RunAsync(worker));
        }

        RecordingLog.Entry entry = Assert.Single(log.Entries);
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.StartsWith($"Workers of native run without dumps: nothing can be written to {folder} (Ipc:Groups:native:DumpFolder): ", entry.Text, StringComparison.Ordinal);

        options.DumpFolder = Path.Combine(script.Folder, "dumps"); // as if that were mended
        Assert.Equal("dumps: 1", await RunAsync(2));
        Assert.Empty(Directory.GetFiles(options.DumpFolder));
        options.DumpFolder = folder;
        await RunAsync(3);
        Assert.Equal(2, log.Entries.Count);

        async Task<string?> RunAsync(int worker)
        {
            using IWorkerProcess process = await launcher.StartAsync(
                new GroupPlan("native", 4, options), new WorkerIdentity(PeerId.Worker("native", worker, 1), "nowhere", "secret", Environment.ProcessId));
            await process.Exited.WaitAsync(Patience);
            return (await process.ReadLastWordsAsync()).ErrorLine;
        }
    }
}
