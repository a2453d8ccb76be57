using Ipc.Messaging;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

public sealed class RequestTimeoutsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_answer_that_is_there_when_the_time_is_over_still_counts()
    {
        var table = new PendingRequestTable();
        var request = new Request { Position = 1 };
        var expired = new List<PendingRequest>();
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var timeouts = new RequestTimeouts(table, ReadAnswers, expired.Add))
        {
            request.DueAt = Environment.TickCount64;
            table.Add(request);
            timeouts.Track(request.DueAt);
            await looked.Task.WaitAsync(Patience);
        }

        Assert.Empty(expired);
        Assert.True(request.IsAnswered);

        bool ReadAnswers()
        {
            table.Take(request.Correlation)?.Complete(default);
            looked.TrySetResult();
            return true;
        }
    }

    [Fact]
    public async Task An_answer_that_another_thread_is_reading_when_the_time_is_over_still_counts()
    {
        var table = new PendingRequestTable();
        var request = new Request { Position = 1 };
        var expired = new List<PendingRequest>();
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int looks = 0;
        using (var timeouts = new RequestTimeouts(table, ReadAnswers, expired.Add))
        {
            request.DueAt = Environment.TickCount64;
            table.Add(request);
            timeouts.Track(request.DueAt);
            await looked.Task.WaitAsync(Patience);
        }

        Assert.Empty(expired);
        Assert.True(request.IsAnswered);

        bool ReadAnswers()
        {
            switch (++looks)
            {
                case < 3:
                    return false; // the other thread has not come to it yet
                default:
                    table.Take(request.Correlation)?.Complete(default);
                    looked.TrySetResult();
                    return true;
            }
        }
    }

    [Fact]
    public async Task Who_reads_answers_for_ever_does_not_keep_requests_from_ending()
    {
        var table = new PendingRequestTable();
        var expired = new TaskCompletionSource<PendingRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        int looks = 0;
        using var timeouts = new RequestTimeouts(table, () => ++looks == 0, expired.SetResult);
        var request = new Request { Position = 1, DueAt = Environment.TickCount64 };
        table.Add(request);
        timeouts.Track(request.DueAt);

        Assert.Same(request, await expired.Task.WaitAsync(Patience));
        Assert.Equal(RequestTimeouts.MostPostponements + 1, looks);
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_with_its_time()
    {
        var table = new PendingRequestTable();
        var expired = new TaskCompletionSource<PendingRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timeouts = new RequestTimeouts(table, static () => true, expired.SetResult);
        var request = new Request { Position = 1, DueAt = Environment.TickCount64 };
        table.Add(request);
        timeouts.Track(request.DueAt);

        Assert.Same(request, await expired.Task.WaitAsync(Patience));
        Assert.Null(table.Take(request.Correlation));
    }

    private sealed class Request : PendingRequest
    {
        private int _answered;

        public override bool IsAnswered => Volatile.Read(ref _answered) != 0;

        public override void Complete(ReadOnlySpan<byte> body) => Volatile.Write(ref _answered, 1);

        public override void Fail(Exception error) => Volatile.Write(ref _answered, 1);
    }
}
