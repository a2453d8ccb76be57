using Ipc.Hosting.Tests.Support;
using Ipc.Processes;
using Ipc.Supervision;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>Whom the watchdog of systemd waits for.</summary>
public sealed class WatchedWorkerTests
{
    [Fact]
    public void One_that_hangs_is_silent_only_when_it_is_still_there_after_the_time_in_which_it_is_replaced()
    {
        var time = new ManualTime();
        var group = new GroupPlan("web", 1, new IpcGroupOptions { HangTimeout = TimeSpan.FromSeconds(8) });
        var worker = new WatchedWorker(PeerId.Worker("web", 0, 1), Environment.ProcessId, group, ProcessState.Of(Environment.ProcessId), _ => { }, time);
        HangFinding? finding = null;
        for (int i = 0; i < 20 && finding is null; i++)
        {
            Assert.Null(worker.FindSilence());
            time.Advance(worker.Interval);
            finding = worker.Look(isPaused: false, isIdle: false, out _);
        }

        Assert.Equal(HangCause.NotAnswering, finding!.Cause);
        Assert.Null(worker.FindSilence());
        time.Advance(HangWatch.ReplacementTime);
        Assert.Null(worker.FindSilence());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal($"web/0#1 hangs, and its process {Environment.ProcessId} is still there", worker.FindSilence());
    }
}
