using Ipc.Dispatch;
using Ipc.Transports;
using Ipc.Workers;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What a process that is held does before it is needed.</summary>
public sealed class RehearsalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_played_to_its_end_over_rings_and_over_pipes(bool useSharedMemory)
    {
        using var log = new RecordingLog();
        using var loggers = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(log));

        await Rehearsal.RunAsync(ListenerRegistry.Create([], ListenerPlaces.Workers), new TransportLimits(), useSharedMemory, loggers, CancellationToken.None);

        Assert.Empty(log.Entries);
    }
}
