using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

public sealed class ListenerTests
{
    [Fact]
    public async Task Several_listeners_of_one_event_run_in_priority_order_one_after_the_other()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        await cluster.Sender.SendAsync(new Prioritised("a"), Target.Worker(0));
        await cluster.Sender.SendAsync(new Prioritised("b"), Target.Worker(0));

        Assert.Equal(["high a", "low a", "high b", "low b"], await cluster.Recorder.WaitForAsync(4));
    }

    [Fact]
    public async Task Each_message_has_a_scope_of_its_own_that_ends_with_it()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        int disposed = ScopedThing.Disposed;

        string first = await cluster.Sender.RequestAsync(new CountScopes(), Target.Worker(0));
        string second = await cluster.Sender.RequestAsync(new CountScopes(), Target.Worker(0));

        Assert.EndsWith(":True", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        await cluster.StopAsync();
        Assert.True(ScopedThing.Disposed >= disposed + 2);
    }

    [Fact]
    public async Task Filters_run_around_the_listener_outermost_first_and_see_message_and_answer()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            more: w => w.AddListenerFilter<OuterFilter>().AddListenerFilter<InnerFilter>());

        Doubled answer = await cluster.Sender.RequestAsync(new Double(4), Target.Worker(1));

        Assert.Equal(108, answer.Number);
        Assert.Equal(
            ["outer before Double { Number = 4 }", "inner before", "inner after", "outer after Doubled { Number = 108, WorkerId = 1 }"],
            await cluster.Recorder.WaitForAsync(4)); // they are around the listeners of events too, which do not answer
    }

    [Fact]
    public async Task A_filter_that_throws_fails_the_request_like_the_listener_would()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(more: w => w.AddListenerFilter<RefusingFilter>());

        RemoteException error = await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync(new Double(1)).AsTask());

        Assert.Equal("System.UnauthorizedAccessException", error.TypeName);
    }

    [Fact]
    public async Task An_exception_in_one_message_does_not_stop_the_next()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync(new Fail("x"), Target.Worker(0)).AsTask());
        }

        Assert.Equal(2, (await cluster.Sender.RequestAsync(new Double(1), Target.Worker(0))).Number);
    }

    [Fact]
    public async Task A_listener_that_is_busy_does_not_stop_other_actions_or_other_senders()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        Task<string> slow = cluster.Sender.RequestAsync(new Slow("first"), Target.Worker(0)).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(2, (await cluster.Sender.RequestAsync(new Double(1), Target.Worker(0))).Number);
        Assert.False(slow.IsCompleted);

        cluster.Gates.Release.SetResult();
        Assert.Equal("done first", await slow);
    }

    [Fact]
    public async Task A_sender_beyond_its_quota_waits_and_everything_is_handled_in_order()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o => o.MaxPendingMessages = 16);
        const int Count = 500;

        Task<string> slow = cluster.Sender.RequestAsync(new Slow("hold"), Target.Worker(0)).AsTask();
        Task sends = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                await cluster.Sender.SendAsync(new Ordered(i), Target.Worker(0));
            }
        });

        IReadOnlyList<string> seen = await cluster.Recorder.WaitForAsync(Count + 1);
        await sends;
        cluster.Gates.Release.SetResult();
        await slow;
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), seen.Where(s => char.IsAsciiDigit(s[0])));
    }

    [Fact]
    public async Task What_is_registered_for_a_role_exists_there_and_what_is_registered_outside_exists_everywhere()
    {
        var recorder = new Recorder();
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o =>
            {
                o.Workers.Count = 1;
                o.Groups["web"] = new IpcGroupOptions { Count = 1 };
            },
            w =>
            {
                w.OnSupervisor(s => s.AddHostedService(p => new Announce(recorder, "supervisor", p.GetRequiredService<IpcProcess>())));
                w.OnWorkers(s => s.AddHostedService(p => new Announce(recorder, "workers", p.GetRequiredService<IpcProcess>())));
                w.OnWorkers("web", s => s.AddSingleton<IHostedService>(p => new Announce(recorder, "web", p.GetRequiredService<IpcProcess>())));
            },
            b => b.Services.AddSingleton<IHostedService>(p => new Announce(recorder, "everywhere", p.GetRequiredService<IpcProcess>())));

        Assert.Equal(
            [
                "everywhere in supervisor/0#1", "everywhere in web/0#1", "everywhere in worker/0#1", "supervisor in supervisor/0#1",
                "web in web/0#1", "workers in web/0#1", "workers in worker/0#1",
            ],
            recorder.Entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task BeforeWorkers_runs_in_order_before_any_worker_exists()
    {
        var recorder = new Recorder();
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            more: w =>
            {
                w.BeforeWorkers((_, _) =>
                {
                    recorder.Add("first");
                    return Task.CompletedTask;
                });
                w.BeforeWorkers((services, _) =>
                {
                    recorder.Add($"second {services.GetRequiredService<IpcProcess>().IsSupervisor}");
                    return Task.CompletedTask;
                });
                w.OnWorkers(s => s.AddHostedService(p => new Announce(recorder, "worker", p.GetRequiredService<IpcProcess>())));
            });

        Assert.Equal(["first", "second True"], recorder.Entries.Take(2));
        Assert.Equal(5, recorder.Entries.Count);
    }

    private sealed class Announce(Recorder recorder, string what, IpcProcess process) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            recorder.Add($"{what} in {process.Group}/{process.WorkerId}#{process.Incarnation}");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

internal sealed class OuterFilter(Recorder recorder) : IListenerFilter
{
    public async ValueTask InvokeAsync(ListenerInvocation invocation, ListenerDelegate next)
    {
        if (!invocation.Answers)
        {
            await next(invocation);
            return;
        }

        recorder.Add($"outer before {invocation.Message}");
        await next(invocation);
        recorder.Add($"outer after {invocation.Response}");
    }
}

internal sealed class InnerFilter(Recorder recorder) : IListenerFilter
{
    public async ValueTask InvokeAsync(ListenerInvocation invocation, ListenerDelegate next)
    {
        if (!invocation.Answers)
        {
            await next(invocation);
            return;
        }

        recorder.Add("inner before");
        await next(invocation);
        var answer = (Doubled)invocation.Response!;
        invocation.Response = answer with { Number = answer.Number + 100 };
        recorder.Add("inner after");
    }
}

internal sealed class RefusingFilter : IListenerFilter
{
    public ValueTask InvokeAsync(ListenerInvocation invocation, ListenerDelegate next) => throw new UnauthorizedAccessException("no");
}
