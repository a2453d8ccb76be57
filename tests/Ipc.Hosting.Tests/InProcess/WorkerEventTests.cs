using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

/// <summary>Events about workers, in one process.</summary>
public sealed class WorkerEventTests
{
    [Fact]
    public async Task A_worker_hears_of_itself_and_the_supervisor_of_all_and_a_stop_waits_for_them()
    {
        var log = new EventLog();
        await using (await InProcessCluster.StartAsync(o => o.Workers.Count = 2, host: b => b.Services.AddSingleton(log)))
        {
        }

        string[] expected =
        [
            .. from name in new[] { "START", "READY", "STOP" }
               from worker in new[] { "worker/0#1", "worker/1#1" }
               from self in new[] { "supervisor", worker }
               select $"{self}: WORKER.{name} {worker} from {self}",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), log.Heard.Order(StringComparer.Ordinal));
    }
}
