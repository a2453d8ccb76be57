namespace Ipc.Transports.Rings.Tests;

/// <summary>Threads that were started ahead.</summary>
public sealed class ReaderThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Work_is_run_at_once_by_threads_that_wait_and_then_by_new_ones()
    {
        using var threads = new ReaderThreads();
        threads.Prepare(2);
        Assert.Equal(2, threads.Waiting);
        using var allAtOnce = new CountdownEvent(3);
        var names = new TaskCompletionSource<string>[3];
        for (int i = 0; i < names.Length; i++)
        {
            TaskCompletionSource<string> name = names[i] = new();
            threads.Run(() =>
            {
                allAtOnce.Signal();
                name.SetResult(allAtOnce.Wait(Patience) ? Thread.CurrentThread.Name ?? "" : "alone");
            });
        }

        Assert.Equal(["ipc rings", "ipc rings", "ipc rings"], await Task.WhenAll(names.Select(n => n.Task.WaitAsync(Patience))));
        Assert.Equal(0, threads.Waiting);
    }

    [Fact]
    public async Task Threads_that_nobody_has_needed_end_and_what_comes_later_still_runs()
    {
        var threads = new ReaderThreads();
        threads.Prepare(2);
        Assert.Equal(2, threads.Waiting);
        threads.Dispose();
        var ran = new TaskCompletionSource();
        threads.Run(ran.SetResult);
        await ran.Task.WaitAsync(Patience);
        Assert.True(SpinWait.SpinUntil(() => threads.Waiting == 0, Patience));
    }
}
