using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

/// <summary>How a send or request that cannot be says so: the task does, whether its lane is open or not; only a mistake in the call itself is thrown at once.</summary>
public sealed class FailureTests
{
    private static readonly SendOptions TooLong = new() { Headers = new MessageHeaders(new Dictionary<string, string> { ["key"] = new('x', 70_000) }) };

    [Fact]
    public async Task The_task_says_why_a_send_or_request_failed_before_and_after_its_lane_was_opened()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        IMessageSender sender = cluster.Sender;
        (string Reason, Func<Task> Call)[] calls =
        [
            ("NoSuchTarget", () => sender.SendAsync(new Note("a"), Target.Worker(99)).AsTask()),
            ("NoSuchTarget", () => sender.RequestAsync(new Double(1), Target.Worker(99)).AsTask()),
            ("NoSuchTarget", () => sender.RequestAsync(new Double(1), Target.Any("nowhere")).AsTask()),
            ("NoListener", () => sender.SendAsync(new Unheard("a"), Target.Worker(0)).AsTask()),
            ("NoListener", () => sender.RequestAsync(new Unheard("a"), Target.Worker(0)).AsTask()),
            ("MessageTooLarge", () => sender.SendAsync(new Note("a"), Target.Worker(0), TooLong).AsTask()),
            ("MessageTooLarge", () => sender.RequestAsync(new Double(1), Target.Worker(0), new RequestOptions { Headers = TooLong.Headers }).AsTask()),
            (nameof(ArgumentOutOfRangeException), () => sender.SendAsync(new Note("a"), Target.Worker(0), new SendOptions { SendTimeout = TimeSpan.FromSeconds(-2) }).AsTask()),
            (nameof(ArgumentOutOfRangeException), () => sender.RequestAsync(new Double(1), Target.Worker(0), new RequestOptions { Timeout = TimeSpan.Zero }).AsTask()),
        ];

        await CheckAsync();
        await sender.SendAsync(new Note("opens the lane"), Target.Worker(0));
        await sender.RequestAsync(new Double(1), Target.Worker(0));
        await CheckAsync();

        async Task CheckAsync()
        {
            foreach ((string reason, Func<Task> call) in calls)
            {
                Task task = call();
                Exception error = await Assert.ThrowsAnyAsync<Exception>(() => task);
                Assert.Equal(reason, error is IpcException ipc ? ipc.Reason.ToString() : error.GetType().Name);
            }
        }
    }

    [Fact]
    public async Task A_mistake_in_the_call_itself_is_thrown_at_once()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        IMessageSender sender = cluster.Sender;

        Assert.Throws<ArgumentNullException>(() => Forget(sender.SendAsync<Note>(null!)));
        Assert.Throws<ArgumentException>(() => Forget(sender.SendAsync("PIPE_MESSAGE.test.note", "a")));
        Assert.Throws<ArgumentException>(() => Forget(sender.RequestAsync(new Double(1), Target.All)));
        Assert.Throws<InvalidOperationException>(() => Forget(sender.SendAsync(new Doubled(1, 1)))); // has no action
    }

    private static void Forget(ValueTask task) => _ = task.AsTask();

    private static void Forget<T>(ValueTask<T> task) => _ = task.AsTask();
}
