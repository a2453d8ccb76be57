using Ipc.Dispatch;
using Ipc.Hosting.Tests.Support;
using Ipc.Supervision;
using Ipc.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>Who looks after the workers is looked after too.</summary>
public sealed class HangWatchTests
{
    [Fact]
    public async Task A_control_thread_that_does_not_come_to_look_is_told_as_if_a_worker_did_not_answer()
    {
        var timeout = TimeSpan.FromHours(1);
        var time = new ManualTime();
        await using SupervisorTransport transport = SupervisorTransport.Start(
            new SupervisorTransportOptions { UseSharedMemory = false }, PeerActions.None, new IgnoringReceiver(), new IgnoringEvents(), NullLoggerFactory.Instance);
        var events = new WorkerEvents(new EventQueues(null!, ListenerRegistry.Create([], ListenerPlaces.Supervisor), NullLogger.Instance));
        using var hangs = new HangWatch(transport, events, time, NullLogger.Instance);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Null(hangs.FindSilent()); // there was nobody to look after

        hangs.Watch(PeerId.Worker("web", 0, 1), Environment.ProcessId, new GroupPlan("web", 1, new IpcGroupOptions { HangTimeout = timeout }), _ => { });

        time.Advance(timeout); // the thread keeps real time, and sleeps
        Assert.Null(hangs.FindSilent());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("the supervisor's control thread does not come to look after the workers", hangs.FindSilent());
    }
}
