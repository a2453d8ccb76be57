using Ipc.Dispatch;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>What the code of a listener knows about itself, and what that costs.</summary>
public sealed class AmbientCallTests
{
    private static readonly PeerId Self = PeerId.Worker("worker", 0, 1);

    [Fact]
    public void Outside_of_listeners_there_is_no_chain_and_looking_for_one_allocates_nothing()
    {
        Assert.Null(AmbientCall.Chain);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _ = AmbientCall.Chain;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Listeners_that_end_at_once_share_one_call_and_entering_it_again_allocates_nothing() => OnAThreadOfItsOwn(() =>
    {
        ExecutionContext clean = ExecutionContext.Capture()!;
        var call = new AmbientCall(Self, "x", PeerId.Supervisor);
        call.Enter(1, null);
        call.Leave();
        ExecutionContext.Restore(clean);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 2; i < 1000; i++)
        {
            call.Enter(i, null);
            call.Leave();
            ExecutionContext.Restore(clean);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(AmbientCall.Chain);
    });

    [Fact]
    public void What_outlives_a_listener_no_longer_belongs_to_it() => OnAThreadOfItsOwn(() =>
    {
        var call = new AmbientCall(Self, "x", PeerId.Supervisor);
        call.Enter(1, null);
        ExecutionContext left = ExecutionContext.Capture()!;
        Assert.NotNull(AmbientCall.Chain);
        call.Leave();
        Assert.Null(AmbientCall.Chain);
        ExecutionContext.Run(left, _ => Assert.Null(AmbientCall.Chain), null);
    });

    /// <summary>Refused: a call of its own for each message would allocate, also for listeners that start nothing.</summary>
    [Fact]
    public void What_a_listener_that_ended_at_once_has_left_running_counts_for_the_next_message_unless_it_was_started_apart() => OnAThreadOfItsOwn(() =>
    {
        var call = new AmbientCall(Self, "x", PeerId.Supervisor);
        call.Enter(1, null);
        ExecutionContext left = ExecutionContext.Capture()!;
        using var started = new ManualResetEventSlim();
        bool apart = false;
        Task suppressed;
        using (ExecutionContext.SuppressFlow())
        {
            suppressed = Task.Run(() =>
            {
                started.Wait();
                apart = AmbientCall.Chain is null;
            });
        }

        call.Leave();
        call.Enter(2, null);
        started.Set();
        suppressed.Wait();

        Assert.True(apart);
        ExecutionContext.Run(left, _ => Assert.NotNull(AmbientCall.Chain), null);
        call.Leave();
    });

    private static void OnAThreadOfItsOwn(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action));
        thread.UnsafeStart();
        thread.Join();
        Assert.Null(failure);
    }
}
