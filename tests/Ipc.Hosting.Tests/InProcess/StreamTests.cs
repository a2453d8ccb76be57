using System.Security.Cryptography;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

/// <summary>Messages that come with a stream, in both directions.</summary>
[Collection("streams")] // they count what the process counts
public sealed class StreamTests
{
    private const int Window = 16 << 10;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_001)]
    public async Task A_listener_reads_exactly_what_was_sent_and_its_answer_comes_back(int size)
    {
        await using InProcessCluster cluster = await StartAsync();
        byte[] bytes = StreamBytes.Make(size);

        string hash = await cluster.Sender.RequestWithStreamAsync(new ImportSum(int.MaxValue), new MemoryStream(bytes), Target.Worker(1)).AsTask().WaitAsync(Deadline);

        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), hash);
    }

    [Fact]
    public async Task A_listener_without_an_answer_has_read_everything_when_the_send_completes()
    {
        await using InProcessCluster cluster = await StartAsync();

        await cluster.Sender.SendStreamAsync(new Import("read"), new MemoryStream(StreamBytes.Make(100_000)), Target.Worker(1)).AsTask().WaitAsync(Deadline);

        Assert.Equal(["read 100000"], cluster.Recorder.Entries);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000_001)]
    public async Task What_a_listener_writes_is_read_by_who_asked_up_to_its_end(int size)
    {
        await using InProcessCluster cluster = await StartAsync();
        using var read = new MemoryStream();

        await using (Stream stream = await cluster.Sender.OpenStreamAsync(new Export(size, "returns"), Target.Worker(1)))
        {
            Assert.True(stream.CanRead);
            Assert.False(stream.CanWrite);
            await stream.CopyToAsync(read).WaitAsync(Deadline);
            Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        }

        Assert.Equal(StreamBytes.Make(size), read.ToArray());
    }

    [Fact]
    public async Task At_most_a_window_is_kept_whatever_the_size_and_nothing_when_it_is_over()
    {
        using var buffered = new BufferedMeter();
        await using InProcessCluster cluster = await StartAsync();

        await cluster.Sender.SendStreamAsync(new Import("read"), new MemoryStream(StreamBytes.Make(2_000_000))).AsTask().WaitAsync(Deadline);
        await using (Stream stream = await cluster.Sender.OpenStreamAsync(new Export(2_000_000, "returns")))
        {
            await stream.CopyToAsync(Stream.Null).WaitAsync(Deadline);
        }

        Assert.Equal(4_000_000, buffered.Arrived);
        Assert.InRange(buffered.Most, 1, Window);
        Assert.Equal(0, buffered.Now);
    }

    [Fact]
    public async Task A_reader_that_waits_makes_the_content_wait_and_holds_up_no_other_message()
    {
        using var buffered = new BufferedMeter();
        await using InProcessCluster cluster = await StartAsync();
        var content = new EndlessContent(1_000);
        Task send = cluster.Sender.SendStreamAsync(new Import("holds"), content, Target.Worker(1)).AsTask();
        await using Stream unread = await cluster.Sender.OpenStreamAsync(new Export(1_000_000, "returns"), Target.Worker(1));
        await WaitUntilAsync(() => buffered.Now > Window); // both are under way and stand still when their windows are full

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(2 * i, (await cluster.Sender.RequestAsync(new Double(i), Target.Worker(1)).AsTask().WaitAsync(Deadline)).Number);
        }

        Assert.False(send.IsCompleted);
        Assert.InRange(content.Pieces, 1, 1 + ((Window + 10) / 1_000) + 1);
        Assert.InRange(buffered.Most, Window, 2 * Window);
        cluster.Gates.Release.SetResult();
        await send.WaitAsync(Deadline);
        await content.Disposed.WaitAsync(Deadline);
    }

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("ten bytes", true)]
    public async Task A_listener_that_returns_early_ends_the_content_without_an_error(string how, bool isEnumerated)
    {
        await using InProcessCluster cluster = await StartAsync();
        var content = new EndlessContent(1_000);

        await cluster.Sender.SendStreamAsync(new Import(how), content, Target.Worker(1)).AsTask().WaitAsync(Deadline);

        Assert.Equal(isEnumerated, content.Pieces > 0);
        Assert.Equal(isEnumerated, content.Disposed.IsCompleted);
    }

    [Fact]
    public async Task Content_that_waits_is_told_by_its_token_that_no_more_is_wanted()
    {
        await using InProcessCluster cluster = await StartAsync();
        var content = new EndlessContent(10) { WaitsAfter = 1 };

        await cluster.Sender.SendStreamAsync(new Import("ten bytes"), content, Target.Worker(1)).AsTask().WaitAsync(Deadline);

        Assert.True(content.Disposed.IsCompleted);
        Assert.True(content.WasCancelled);
    }

    [Fact]
    public async Task A_reader_that_disposes_early_stops_the_listener_that_writes()
    {
        await using InProcessCluster cluster = await StartAsync();

        await using (Stream stream = await cluster.Sender.OpenStreamAsync(new Export(10_000_000, "returns"), Target.Worker(1)))
        {
            await stream.ReadExactlyAsync(new byte[100]).AsTask().WaitAsync(Deadline);
        }

        await cluster.Gates.Cancelled.Task.WaitAsync(Deadline);
        Assert.Equal(["stopped"], cluster.Recorder.Entries);
        Assert.DoesNotContain(cluster.Log.Lines, l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Content_that_throws_fails_the_call_with_that_and_the_reader_with_StreamFailed()
    {
        await using InProcessCluster cluster = await StartAsync();
        var content = new EndlessContent(1_000) { Throws = (50, new InvalidTimeZoneException("broken file")) };

        InvalidTimeZoneException error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => cluster.Sender.SendStreamAsync(new Import("read"), content, Target.Worker(1)).AsTask().WaitAsync(Deadline));

        Assert.Equal("broken file", error.Message);
        string seen = (await cluster.Recorder.WaitForAsync(1))[0];
        Assert.Matches("^(StreamFailed: .*broken file|TaskCanceledException: .*|OperationCanceledException: .*)$", seen);
    }

    [Fact]
    public async Task A_listener_that_throws_fails_the_call_and_ends_the_content()
    {
        await using InProcessCluster cluster = await StartAsync();
        var content = new EndlessContent(1_000);

        RemoteException error = await Assert.ThrowsAsync<RemoteException>(
            () => cluster.Sender.SendStreamAsync(new Import("throws"), content, Target.Worker(1)).AsTask().WaitAsync(Deadline));

        Assert.Equal("no such zone", error.RemoteMessage);
        Assert.True(content.Disposed.IsCompleted);
    }

    [Fact]
    public async Task What_was_written_before_a_listener_threw_is_read_and_then_its_exception_comes()
    {
        await using InProcessCluster cluster = await StartAsync();
        await using Stream stream = await cluster.Sender.OpenStreamAsync(new Export(1_000, "throws"), Target.Worker(1));
        byte[] read = new byte[1_000];

        await stream.ReadExactlyAsync(read).AsTask().WaitAsync(Deadline);
        RemoteException error = await Assert.ThrowsAsync<RemoteException>(() => stream.ReadAsync(read).AsTask().WaitAsync(Deadline));

        Assert.Equal(StreamBytes.Make(1_000), read);
        Assert.Equal("System.InvalidTimeZoneException", error.TypeName);
        Assert.Equal(PeerId.Worker("worker", 1, 1), error.Peer);
    }

    [Fact]
    public async Task A_cancelled_call_ends_its_content_and_its_listener()
    {
        await using InProcessCluster cluster = await StartAsync();
        using var cancellation = new CancellationTokenSource();
        var content = new EndlessContent(1_000) { WaitsAfter = 3 };
        Task send = cluster.Sender.SendStreamAsync(new Import("read"), content, Target.Worker(1), cancellationToken: cancellation.Token).AsTask();
        await WaitUntilAsync(() => content.Pieces == 3);

        await cancellation.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.WaitAsync(Deadline));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.True(content.Disposed.IsCompleted);
        Assert.Single(await cluster.Recorder.WaitForAsync(1));
    }

    [Fact]
    public async Task A_cancelled_read_takes_nothing_and_the_next_one_goes_on()
    {
        await using InProcessCluster cluster = await StartAsync();
        await using Stream stream = await cluster.Sender.OpenStreamAsync(new Export(10, "waits"), Target.Worker(1));
        byte[] read = new byte[10];
        await stream.ReadExactlyAsync(read).AsTask().WaitAsync(Deadline);
        using var cancellation = new CancellationTokenSource();
        Task<int> waiting = stream.ReadAsync(read, cancellation.Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.ReadAsync(read).AsTask());

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        cluster.Gates.Release.SetResult();

        Assert.Equal(0, await stream.ReadAsync(read).AsTask().WaitAsync(Deadline));
    }

    [Fact]
    public async Task Only_the_calls_own_timeout_bounds_it()
    {
        await using InProcessCluster cluster = await StartAsync(o => o.RequestTimeout = TimeSpan.FromMilliseconds(50));
        var content = new EndlessContent(1_000) { WaitsAfter = 1 };
        var options = new RequestOptions { Timeout = TimeSpan.FromMilliseconds(200) };

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.SendStreamAsync(new Import("read"), content, Target.Worker(1), options).AsTask().WaitAsync(Deadline));

        Assert.Equal(IpcError.Timeout, error.Reason);
        Assert.Contains("00:00:00.2", error.Message, StringComparison.Ordinal);
        Assert.True(content.Disposed.IsCompleted);
    }

    [Fact]
    public async Task A_stop_of_the_cluster_ends_open_streams()
    {
        await using InProcessCluster cluster = await StartAsync(o => o.StopTimeout = TimeSpan.FromMilliseconds(100));
        var content = new EndlessContent(10) { WaitsAfter = 3 };
        Task send = cluster.Sender.SendStreamAsync(new Import("read"), content, Target.Worker(1)).AsTask();
        await using Stream stream = await cluster.Sender.OpenStreamAsync(new Export(10, "waits"), Target.Worker(2));
        await stream.ReadExactlyAsync(new byte[10]).AsTask().WaitAsync(Deadline);
        Task<int> read = stream.ReadAsync(new byte[10]).AsTask();
        await WaitUntilAsync(() => content.Pieces == 3);

        await cluster.StopAsync();

        // The listener hears of the stop by its token or by its stream, whichever comes first: ListenerFailed is the latter.
        IpcException sending = await Assert.ThrowsAnyAsync<IpcException>(() => send.WaitAsync(Deadline));
        IpcException reading = await Assert.ThrowsAnyAsync<IpcException>(() => read.WaitAsync(Deadline));
        Assert.All(
            [sending, reading],
            e => Assert.True(e.Reason is IpcError.Canceled or IpcError.PeerGone or IpcError.NotRunning or IpcError.ListenerFailed, e.ToString()));
        Assert.True(content.Disposed.IsCompleted);
    }

    [Fact]
    public async Task A_stream_goes_to_one_peer_that_listens()
    {
        await using InProcessCluster cluster = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Sender.SendStreamAsync(new Import("read"), Stream.Null, Target.All).AsTask());
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.OpenStreamAsync(new Unheard("x"), Target.Worker(1)).AsTask());
        Assert.Equal(IpcError.NoListener, error.Reason);
    }

    [Fact]
    public async Task A_value_is_not_asked_of_a_listener_that_does_not_answer()
    {
        await using InProcessCluster cluster = await StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.RequestWithStreamAsync(new Asked(), Stream.Null, Target.Worker(1)).AsTask().WaitAsync(Deadline));

        Assert.Equal(IpcError.NoListener, error.Reason);
    }

    [Fact]
    public void A_message_that_came_without_a_stream_says_so()
    {
        var context = new MessageContext("import", PeerId.Worker("worker", 1, 1));

        Assert.False(context.HasStream);
        Assert.Contains("SendStreamAsync", Assert.Throws<InvalidOperationException>(() => context.Stream).Message, StringComparison.Ordinal);
        using var own = new MemoryStream();
        Assert.Same(own, (context with { Stream = own }).Stream);
    }

    private static Task<InProcessCluster> StartAsync(Action<IpcOptions>? more = null) => InProcessCluster.StartAsync(o =>
    {
        o.StreamWindow = Window;
        more?.Invoke(o);
    });

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
