using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Ipc.Hosting.Tests.Rings;

/// <summary>Listeners that run on the thread which reads the rings, and callers that read their own answers: nothing of it shows.</summary>
public sealed class InlineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AsyncLocal_culture_and_Activity_that_a_listener_leaves_behind_are_not_seen_by_the_next()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        string culture = CultureInfo.CurrentCulture.Name;
        string language = CultureInfo.CurrentUICulture.Name;

        var found = new List<string>();
        for (int i = 0; i < 200; i++)
        {
            found.Add(await cluster.Sender.RequestAsync(new Leave($"left {i}"), Target.Worker(0)));
        }

        Assert.Contains($"ipc rings||{culture}|{language}|", found);
        Assert.All(found, f => Assert.EndsWith($"||{culture}|{language}|", f, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_SynchronizationContext_that_a_listener_leaves_behind_is_not_seen_by_the_next()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();

        var found = new List<string>();
        for (int i = 0; i < 200; i++)
        {
            found.Add(await cluster.Sender.RequestAsync(new LeaveContext(), Target.Worker(0)));
        }

        Assert.Contains("ipc rings|", found);
        Assert.All(found, f => Assert.EndsWith("|", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_listener_of_a_message_leaves_behind_is_not_seen_by_the_next_one_of_that_message(bool overPipe)
    {
        await using RingCluster cluster = await RingCluster.StartAsync(overPipe: overPipe);

        await cluster.Sender.SendAsync(new LeaveToNext(), Target.Worker(0));

        Assert.Equal(["|"], await cluster.Recorder.WaitForAsync(1));
    }

    [Fact]
    public async Task A_caller_with_a_SynchronizationContext_resumes_there()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        using var pump = new Pump();

        List<(int Thread, SynchronizationContext? Context)> resumed = await pump.RunAsync(async () =>
        {
            var seen = new List<(int, SynchronizationContext?)>();
            for (int i = 0; i < 100; i++)
            {
                // Every other one is answered after a hop over the pool, so that both ways of resuming are seen.
                _ = i % 2 == 0
                    ? (await cluster.Sender.RequestAsync(new Double(i), Target.Worker(0))).Number.ToString(CultureInfo.InvariantCulture)
                    : await cluster.Sender.RequestAsync(new HopA(["1:a"]), Target.Worker(0));
                seen.Add((Environment.CurrentManagedThreadId, SynchronizationContext.Current));
            }

            Task<string> slow = cluster.Sender.RequestAsync(new Slow("later"), Target.Worker(1)).AsTask();
            _ = Task.Delay(20).ContinueWith(_ => cluster.Gates.Release.TrySetResult(), TaskScheduler.Default);
            await slow;
            seen.Add((Environment.CurrentManagedThreadId, SynchronizationContext.Current));
            return seen;
        }).WaitAsync(Patience);

        Assert.All(resumed, r => Assert.Equal((pump.ThreadId, pump), r));
    }

    [Fact]
    public async Task A_caller_with_a_TaskScheduler_of_its_own_resumes_there()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        TaskScheduler own = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

        List<TaskScheduler> resumed = await Task.Factory.StartNew(
            async () =>
            {
                var seen = new List<TaskScheduler>();
                for (int i = 0; i < 100; i++)
                {
                    _ = i % 2 == 0
                        ? (await cluster.Sender.RequestAsync(new Double(i), Target.Worker(0))).Number.ToString(CultureInfo.InvariantCulture)
                        : await cluster.Sender.RequestAsync(new HopA(["1:a"]), Target.Worker(0));
                    seen.Add(TaskScheduler.Current);
                }

                return seen;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            own).Unwrap().WaitAsync(Patience);

        Assert.All(resumed, r => Assert.Same(own, r));
    }

    [Fact]
    public async Task Ten_thousand_requests_one_after_the_other_do_not_grow_the_callers_stack()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        int shallowest = int.MaxValue;
        int deepest = 0;

        await Task.Run(async () =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                Doubled answer = await cluster.Sender.RequestAsync(new Double(i), Target.Worker(i % 2));
                Assert.Equal(i * 2, answer.Number);
                if (i % 500 == 0)
                {
                    int depth = new StackTrace().FrameCount;
                    shallowest = Math.Min(shallowest, depth);
                    deepest = Math.Max(deepest, depth);
                }
            }
        });

        Assert.InRange(deepest - shallowest, 0, 60);
    }

    [Fact]
    public async Task Ten_thousand_messages_to_and_fro_between_two_listeners_do_not_grow_the_readers_stack()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();

        await cluster.Sender.SendAsync(new Bounce(10_000), Target.Worker(0));

        Assert.InRange(int.Parse((await cluster.Recorder.WaitForAsync(1))[0], CultureInfo.InvariantCulture), 1, 100);
    }

    [Fact]
    public async Task A_message_to_all_is_serialised_once()
    {
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 4);
        await cluster.Sender.SendAsync(new Counted(), Target.Group("worker"));
        await cluster.Recorder.WaitForAsync(4);
        Counted.Written = 0;

        await cluster.Sender.SendAsync(new Counted(), Target.All);

        await cluster.Recorder.WaitForAsync(8);
        Assert.Equal(1, Counted.Written);
    }

    /// <summary>One thread with a context that posts to it.</summary>
    private sealed class Pump : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];
        private readonly Thread _thread;

        public Pump()
        {
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public int ThreadId => _thread.ManagedThreadId;

        public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));

        public Task<T> RunAsync<T>(Func<Task<T>> action)
        {
            var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(
                async _ =>
                {
                    try
                    {
                        done.SetResult(await action());
                    }
                    catch (Exception e)
                    {
                        done.SetException(e);
                    }
                },
                null);
            return done.Task;
        }

        public void Dispose()
        {
            _work.CompleteAdding();
            _thread.Join();
            _work.Dispose();
        }

        private void Run()
        {
            SetSynchronizationContext(this);
            foreach ((SendOrPostCallback callback, object? state) in _work.GetConsumingEnumerable())
            {
                callback(state);
            }
        }
    }
}
