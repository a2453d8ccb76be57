using System.Diagnostics.Metrics;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

public sealed class RequestTests
{
    [Fact]
    public async Task A_listener_that_throws_fails_the_request_with_type_and_message_and_no_stack_trace()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        RemoteException error = await Assert.ThrowsAsync<RemoteException>(
            () => cluster.Sender.RequestAsync(new Fail("no such zone"), Target.Worker(1)).AsTask());

        Assert.Equal("System.InvalidTimeZoneException", error.TypeName);
        Assert.Equal("no such zone", error.RemoteMessage);
        Assert.Equal(PeerId.Worker("worker", 1, 1), error.Peer);
        Assert.Null(error.RemoteStackTrace);
    }

    [Fact]
    public async Task The_stack_trace_travels_only_by_option()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o => o.IncludeRemoteStackTraces = true);

        RemoteException error = await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync(new Fail("x")).AsTask());

        Assert.Contains(nameof(FailListener), error.RemoteStackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_a_listener_is_logged_once_with_action_and_sender()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync(new Fail("logged")).AsTask());

        string line = Assert.Single(cluster.Log.Lines, l => l.Contains("InvalidTimeZoneException", StringComparison.Ordinal));
        Assert.StartsWith("Error", line, StringComparison.Ordinal);
        Assert.Contains("\"test.fail\"", line, StringComparison.Ordinal);
        Assert.Contains("supervisor", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_fails_the_request_and_signals_the_listeners_token()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        var options = new RequestOptions { Timeout = TimeSpan.FromMilliseconds(100) };

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.RequestAsync(new Slow("timed"), Target.Worker(2), options).AsTask());

        Assert.Equal(IpcError.Timeout, error.Reason);
        Assert.Contains("worker/2#1", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"test.slow\"", error.Message, StringComparison.Ordinal);
        await cluster.Gates.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Cancelling_a_request_cancels_it_here_and_signals_the_listeners_token_there()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        using var cancellation = new CancellationTokenSource();
        Task<string> request = cluster.Sender.RequestAsync(new Slow("cancelled"), cancellationToken: cancellation.Token).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await cancellation.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(cancellation.Token, error.CancellationToken);
        await cluster.Gates.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task User_code_that_throws_while_an_answer_is_read_fails_the_request()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.RequestAsync<MessageBody, TouchySet>("test.echo", TouchyBody(-1), Target.Worker(1)).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(IpcError.BadMessage, error.Reason);
        Assert.IsType<ArithmeticException>(error.InnerException?.InnerException);
        TouchySet next = await cluster.Sender.RequestAsync<MessageBody, TouchySet>("test.echo", TouchyBody(1), Target.Worker(1)).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Single(next.Items);
    }

    [Fact]
    public async Task User_code_that_throws_while_a_request_is_read_is_a_bad_message()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.RequestAsync<MessageBody, int>("test.touchy", TouchyBody(-1), Target.Worker(1)).AsTask());

        Assert.Equal(IpcError.BadMessage, error.Reason);
        Assert.Equal(1, await cluster.Sender.RequestAsync<MessageBody, int>("test.touchy", TouchyBody(1), Target.Worker(1)));
        Assert.Equal(["touchy:1"], cluster.Recorder.Entries);
    }

    [Fact]
    public async Task A_late_answer_is_dropped_and_counted()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        var late = new TaskCompletionSource();
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == IpcDiagnostics.MeterName && instrument.Name == "ipc.answers.late")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => late.TrySetResult());
        meters.Start();

        // This listener ignores its token, so its answer comes after the asker has given up.
        await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.RequestAsync(new Stubborn("x"), options: new RequestOptions { Timeout = TimeSpan.FromMilliseconds(50) }).AsTask());
        cluster.Gates.Release.SetResult();

        await late.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(4, (await cluster.Sender.RequestAsync(new Double(2))).Number);
    }

    [Fact]
    public async Task RequestAll_streams_one_answer_per_worker()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        var answers = new List<PeerAnswer<Doubled>>();

        await foreach (PeerAnswer<Doubled> answer in cluster.Sender.RequestAllAsync(new Double(21)))
        {
            answers.Add(answer);
        }

        Assert.Equal([0, 1, 2], answers.Select(a => a.Value.WorkerId).Order());
        Assert.Equal([0, 1, 2], answers.Select(a => a.Peer.WorkerId).Order());
        Assert.All(answers, a => Assert.Equal(42, a.Value.Number));
    }

    [Fact]
    public async Task RequestAll_says_who_failed_and_why()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        var failures = new List<PeerAnswer<string>>();

        await foreach (PeerAnswer<string> answer in cluster.Sender.RequestAllAsync(new Fail("all"), Target.Workers(0, 2)))
        {
            failures.Add(answer);
        }

        Assert.Equal([0, 2], failures.Select(f => f.Peer.WorkerId).Order());
        Assert.All(failures, f => Assert.False(f.Succeeded));
        Assert.All(failures, f => Assert.Equal("all", Assert.IsType<RemoteException>(f.Error).RemoteMessage));
    }

    [Fact]
    public async Task Leaving_a_RequestAll_loop_early_cancels_the_open_requests()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        using var cancellation = new CancellationTokenSource();

        Task loop = LoopAsync();
        await cluster.Gates.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);

        await cluster.Gates.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));

        async Task LoopAsync()
        {
            await foreach (PeerAnswer<string> answer in cluster.Sender.RequestAllAsync(new Slow("all"), cancellationToken: cancellation.Token))
            {
                Assert.Fail($"{answer.Peer} answered");
            }
        }
    }

    [Fact]
    public async Task RequestAsync_with_several_targets_is_refused_and_names_RequestAllAsync()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => cluster.Sender.RequestAsync(new Double(1), Target.All).AsTask());

        Assert.Contains("RequestAllAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_requests_at_once_each_get_their_own_answer()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        Task<Doubled>[] requests = [.. Enumerable.Range(0, 1_000).Select(i => cluster.Sender.RequestAsync(new Double(i)).AsTask())];
        Doubled[] answers = await Task.WhenAll(requests);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i * 2), answers.Select(a => a.Number));
    }

    [Fact]
    public async Task A_stop_fails_what_waits_for_an_answer()
    {
        InProcessCluster cluster = await InProcessCluster.StartAsync(o => o.StopTimeout = TimeSpan.FromMilliseconds(100));
        Task<string> request = cluster.Sender.RequestAsync(new Slow("stopped")).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await cluster.StopAsync();

        await Assert.ThrowsAsync<IpcException>(() => request.WaitAsync(TimeSpan.FromSeconds(20)));
        await cluster.DisposeAsync();
    }

    private static MessageBody TouchyBody(int number) => MessageBody.Array(MessageBody.Array(MessageBody.Array(number)));
}
