using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Ipc.Hosting.Tests.Contracts;

/// <summary>Calls of another process's methods, over every transport.</summary>
public sealed class ContractTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task Parameters_and_results_cross_with_overloads_defaults_and_every_kind_of_type(ClusterKind kind)
    {
        await using AnyCluster cluster = await StartAsync(kind);
        ICalculator calculator = cluster.Services.GetRequiredService<ICalculator>();

        Assert.Equal("worker/1", await calculator.NameAsync());
        Assert.Equal(6, await calculator.AddAsync([1, 2, 3], CancellationToken.None));
        Assert.Equal(42, await calculator.AddAsync(2));
        Assert.Equal(5, await calculator.AddAsync(2, 3));
        Assert.Equal(1_003, await calculator.AddAsync([1, 2]));
        Assert.Equal(1_010, await calculator.AddTwiceAsync(2, 3));
        Assert.Equal(new Sum(6, "a,none"), await calculator.SumAsync([new Sum(1, "a"), new Sum(2)], new Dictionary<string, int> { ["b"] = 3 }));
        Assert.Null(await calculator.SumAsync([]));
        Assert.Equal((3, 1), await calculator.DivideAsync(7, 2, factor: null));
        Assert.Equal((3, 1), await calculator.DivideAsync(7, 2, Rounding.Up, "half"));
        Assert.Equal(["c", null, "a"], await calculator.WordsAsync("a", null, "c"));
        Assert.Equal(Rounding.Up, await calculator.OtherAsync(Rounding.Down));
        Assert.Null(await calculator.MaybeAsync(null));
        Assert.Equal(8, await calculator.MaybeAsync(7));
        await calculator.ForgetAsync();
        Assert.Equal(["Down whole ", "Up half 1.5", "forgotten"], cluster.Services.GetRequiredService<Recorder>().Entries);
    }

    [Fact]
    public async Task Each_call_has_a_scope_of_its_own_and_completes_when_the_method_has_ended()
    {
        await using AnyCluster cluster = await StartAsync(ClusterKind.Memory);
        ICalculator calculator = cluster.Services.GetRequiredService<ICalculator>();

        await calculator.RememberAsync("a");
        await calculator.RememberAsync("b");

        IReadOnlyList<string> entries = cluster.Services.GetRequiredService<Recorder>().Entries;
        Assert.Equal(["a", "b"], entries.Select(e => e.Split(' ')[0]));
        Assert.Equal(2, entries.Select(e => e.Split(' ')[1]).Distinct().Count());
    }

    [Fact]
    public async Task A_singleton_serves_all_calls_of_its_process()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o => o.Workers.Count = 1, more: b => b.OnWorkers(s => s.AddIpcService<ICounter, Counter>(ServiceLifetime.Singleton)).OnSupervisor(s => s.AddIpcProxy<ICounter>()));
        ICounter counter = cluster.Services.GetRequiredService<ICounter>();

        int[] numbers = [await counter.NextAsync(), await counter.NextAsync(), await counter.NextAsync()];
        Assert.Equal([1, 2, 3], numbers);
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task Calls_of_one_caller_overlap_and_a_cancelled_one_is_cancelled_where_it_runs(ClusterKind kind)
    {
        await using AnyCluster cluster = await StartAsync(kind);
        ICalculator calculator = cluster.Services.GetRequiredService<ICalculator>();
        Recorder recorder = cluster.Services.GetRequiredService<Recorder>();
        using var leaving = new CancellationTokenSource();
        Task waiting = calculator.WaitAsync("long", leaving.Token).AsTask();
        await recorder.WaitForAsync(1);

        await calculator.WaitAsync("quick", CancellationToken.None).AsTask().WaitAsync(Deadline);
        await leaving.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Deadline));
        Assert.Equal(leaving.Token, error.CancellationToken);
        await cluster.Gates.Cancelled.Task.WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_proxy_s_timeout_ends_its_calls_on_both_sides()
    {
        await using AnyCluster cluster = await StartAsync(ClusterKind.Memory, o => o.Timeout = TimeSpan.FromMilliseconds(50));

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Services.GetRequiredService<ICalculator>().WaitAsync("long").AsTask().WaitAsync(Deadline));

        Assert.Equal(IpcError.Timeout, error.Reason);
        await cluster.Gates.Cancelled.Task.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Filters_see_the_implementation_and_a_process_that_runs_a_contract_may_call_that_of_another()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o => o.Workers.Count = 2,
            more: b =>
            {
                b.AddListenerFilter<NamingFilter>();
                b.Services.AddIpcService<IRelay, Relay>().AddIpcProxy<IRelay>(Target.Worker(1));
            });

        // The supervisor asks worker 1, whose own proxy of the same contract asks worker 1 too.
        Assert.Equal("worker/1 of worker/1", await cluster.Services.GetRequiredService<IRelay>().RelayAsync(1));
        Assert.Equal(2, cluster.Recorder.Entries.Count(e => e == typeof(Relay).FullName));
    }

    [Fact]
    public async Task A_method_can_be_asked_by_its_action_without_the_interface()
    {
        await using AnyCluster cluster = await StartAsync(ClusterKind.Memory);

        Assert.Equal(7, await cluster.Sender.RequestAsync<MessageBody, int>("ICalculator.AddAsync(int,int)", MessageBody.FromJson("[3,4]"), Target.Worker(1)));

        // What is missing has the parameter's default.
        Assert.Equal(43, await cluster.Sender.RequestAsync<MessageBody, int>("ICalculator.AddAsync(int,int)", MessageBody.FromJson("[3]"), Target.Worker(1)));
    }

    [Fact]
    public async Task A_worker_that_does_not_run_the_contract_is_not_asked()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o => o.Workers.Count = 1, more: b => b.OnSupervisor(s => s.AddIpcService<ICounter, Counter>().AddIpcProxy<ICounter>(Target.Worker(0))));

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Services.GetRequiredService<ICounter>().NextAsync().AsTask());

        Assert.Equal(IpcError.NoListener, error.Reason);
        Assert.Contains("\"ICounter.NextAsync\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_registered_wrongly_is_said_when_it_is_registered_or_when_the_host_starts()
    {
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddIpcProxy<ICounter>(Target.Group("worker")));
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddIpcProxy<ICounter>(Target.Workers(1, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddIpcProxy<ICounter>(default, o => o.Timeout = TimeSpan.Zero));
        await using (ServiceProvider alone = new ServiceCollection().AddIpcProxy<ICounter>().BuildServiceProvider())
        {
            Assert.Contains("AddIpcWorkers()", Assert.Throws<InvalidOperationException>(() => alone.GetRequiredService<ICounter>()).Message, StringComparison.Ordinal);
        }

        Assert.Contains(
            $"{typeof(Counter)} is registered as Singleton, and AddIpcService<ICounter, Counter>() says Scoped",
            await StartErrorAsync(s => s.AddIpcService<ICounter, Counter>().AddSingleton<Counter>()),
            StringComparison.Ordinal);
        Assert.Contains("[IpcService]", await StartErrorAsync(s => s.AddIpcService<IComparable, Version>()), StringComparison.Ordinal);
        Assert.Contains("runs twice", await StartErrorAsync(s => s.AddIpcService<ICounter, Counter>().AddIpcService<ICounter, Counter>().AddIpcService<ICounter, OtherCounter>()), StringComparison.Ordinal);
        Assert.Contains("both named \"ICounter\"", await StartErrorAsync(s => s.AddIpcService<ICounter, Counter>().AddIpcService<Second.ICounter, Second.Counter>()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServiceLifetime.Singleton, ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Scoped, ServiceLifetime.Singleton)]
    public void Two_lifetimes_of_one_class_are_refused_at_once(ServiceLifetime earlier, ServiceLifetime later)
    {
        IServiceCollection registered = new ServiceCollection();
        registered.Add(ServiceDescriptor.Describe(typeof(Counter), typeof(Counter), earlier));
        IServiceCollection served = new ServiceCollection().AddIpcService<ICounter, Counter>(earlier);

        Assert.All([registered, served], services =>
        {
            string message = Assert.Throws<InvalidOperationException>(() => services.AddIpcService<ICounter, Counter>(later)).Message;
            Assert.StartsWith($"{typeof(Counter)} is registered as {earlier}, and AddIpcService<ICounter, Counter>() says {later}: ", message, StringComparison.Ordinal);
            services.AddIpcService<ICounter, Counter>(earlier);
        });
    }

    private static async Task<string> StartErrorAsync(Action<IServiceCollection> register)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(more: b => register(b.Services));
        return (await Assert.ThrowsAsync<InvalidOperationException>(cluster.StartAsync)).Message;
    }

    private static Task<AnyCluster> StartAsync(ClusterKind kind, Action<IpcProxyOptions>? proxy = null) => AnyCluster.StartAsync(kind, b => b
        .OnWorkers(s => s.AddIpcService<ICalculator, Calculator>())
        .OnSupervisor(s => s.AddIpcProxy<ICalculator>(Target.Worker(1), proxy)));
}
