using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>Requests that would wait for themselves fail at once; all others go on.</summary>
public sealed class RequestCycleTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10); // half of the requests' timeout

    public static TheoryData<ClusterKind> Kinds => [ClusterKind.Memory, ClusterKind.Rings, ClusterKind.Pipe];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Listeners_that_ask_each_other_in_a_circle_fail_at_once_with_the_whole_circle_in_words(ClusterKind kind)
    {
        await using IAsyncDisposable cluster = await StartAsync(kind, out Func<string[], Task<string>> ask);

        // The second a is asked by another sender than the first, so it may start; the second b may not.
        string error = await FailureAsync(ask(["0:a", "1:b", "0:a", "1:b"]));

        Assert.Contains(
            "A request cycle: worker/1#1 \"test.hop.b\" -> worker/0#1 \"test.hop.a\" -> worker/1#1 \"test.hop.b\". ", error, StringComparison.Ordinal);
        Assert.Contains("Concurrent", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_listener_that_asks_itself_fails_at_once(ClusterKind kind)
    {
        await using IAsyncDisposable cluster = await StartAsync(kind, out Func<string[], Task<string>> ask);

        string error = await FailureAsync(ask(["0:a", "0:a", "0:a"]));

        Assert.Contains("A request cycle: worker/0#1 \"test.hop.a\" -> worker/0#1 \"test.hop.a\". ", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_circle_through_a_concurrent_listener_is_found_where_it_closes(ClusterKind kind)
    {
        await using IAsyncDisposable cluster = await StartAsync(kind, out Func<string[], Task<string>> ask);

        string error = await FailureAsync(ask(["0:concurrent", "1:b", "0:concurrent", "1:b"]));

        Assert.Contains(
            "A request cycle: worker/1#1 \"test.hop.b\" -> worker/0#1 \"test.hop.concurrent\" -> worker/1#1 \"test.hop.b\". ", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_circle_of_concurrent_listeners_goes_round(ClusterKind kind)
    {
        await using IAsyncDisposable cluster = await StartAsync(kind, out Func<string[], Task<string>> ask);

        Assert.Equal("arrived", await ask([.. Enumerable.Repeat(new[] { "0:concurrent", "1:concurrent" }, 40).SelectMany(p => p)]).WaitAsync(AtOnce));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Asking_back_for_another_action_and_for_the_same_one_by_another_sender_works(ClusterKind kind)
    {
        await using IAsyncDisposable cluster = await StartAsync(kind, out Func<string[], Task<string>> ask);

        Assert.Equal("arrived", await ask(["0:a", "1:b", "0:b", "1:a"]).WaitAsync(AtOnce));
        Assert.Equal("arrived", await ask(["0:a", "1:b", "0:a"]).WaitAsync(AtOnce));
        Assert.Equal("arrived", await ask(["0:a", "0:a"]).WaitAsync(AtOnce));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task After_a_circle_everything_goes_on(ClusterKind kind)
    {
        await using IAsyncDisposable cluster = await StartAsync(kind, out Func<string[], Task<string>> ask);

        for (int i = 0; i < 5; i++)
        {
            await FailureAsync(ask(["0:b", "1:a", "0:b", "1:a"]));
            Assert.Equal("arrived", await ask(["0:b", "1:a", "0:b"]).WaitAsync(AtOnce));
        }
    }

    [Fact]
    public async Task A_circle_that_begins_with_a_one_way_message_fails_in_its_listener()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();

        await cluster.Sender.SendAsync(new HopStart(["1:a", "0:b", "1:a"]), Target.Worker(0));

        Assert.StartsWith(
            "ListenerFailed: ", (await cluster.Recorder.WaitForAsync(1))[0], StringComparison.Ordinal);
        Assert.Contains("worker/1#1 \"test.hop.a\" -> worker/0#1 \"test.hop.b\" -> worker/1#1 \"test.hop.a\"", cluster.Recorder.Entries[0], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_one_that_would_wait_gets_the_reason_as_a_code_and_may_go_on(ClusterKind kind)
    {
        await using IAsyncDisposable cluster = await StartAsync(kind, out Func<string[], Task<string>> ask);

        Assert.Equal("IpcException RequestCycle", await ask(["0:a", "1:b", "0:a", "1:b?"]).WaitAsync(AtOnce));
    }

    [Fact]
    public async Task Requests_that_a_busy_listener_has_not_asked_wait_for_their_turn()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        Task<string>[] all = [.. Enumerable.Range(0, 20).Select(i => cluster.Sender.RequestAsync(new HopA(i % 2 == 0 ? ["1:a", "0:b"] : ["1:b", "0:b", "1:a"]), Target.Worker(0)).AsTask())];

        Assert.All(await Task.WhenAll(all).WaitAsync(AtOnce), a => Assert.Equal("arrived", a));
    }

    private static async Task<string> FailureAsync(Task<string> request) => (await Assert.ThrowsAsync<RemoteException>(() => request.WaitAsync(AtOnce))).Message;

    private static Task<IAsyncDisposable> StartAsync(ClusterKind kind, out Func<string[], Task<string>> ask)
    {
        IMessageSender? sender = null;
        ask = path => Hop.OnAsync(sender!, path, late: false).AsTask();
        return StartAsync();

        async Task<IAsyncDisposable> StartAsync()
        {
            if (kind == ClusterKind.Memory)
            {
                InProcessCluster memory = await InProcessCluster.StartAsync();
                sender = memory.Sender;
                return memory;
            }

            RingCluster cluster = await RingCluster.StartAsync(overPipe: kind == ClusterKind.Pipe);
            sender = cluster.Sender;
            return cluster;
        }
    }
}
