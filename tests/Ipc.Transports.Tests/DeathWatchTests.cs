using Ipc.Transports.Broker;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Transports.Tests;

/// <summary>Deaths that are told before the exit, where the kernel can do that and where it cannot.</summary>
public sealed class DeathWatchTests
{
    [Fact]
    public async Task Where_the_kernel_cannot_sleep_on_several_words_the_log_says_once_that_deaths_are_learnt_from_exits()
    {
        var log = new Log();
        using DoorbellSegment doorbell = DoorbellSegment.Create(isOwner: true);
        using var watch = new DeathWatch(_ => Assert.Fail("nobody dies"), log, static _ => false);

        watch.Watch(PeerId.Worker("web", 0, 1), doorbell);
        await log.Said.Task.WaitAsync(TimeSpan.FromSeconds(60));
        watch.Watch(PeerId.Worker("web", 1, 1), doorbell);

        Assert.Equal(
            ["Debug This kernel has no futex_waitv, or a filter of calls does not allow it: that a worker dies is learnt from its exit, when its memory has been freed"], log.Lines);
    }

    private sealed class Log : ILogger
    {
        public List<string> Lines { get; } = [];

        public TaskCompletionSource Said { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Add($"{logLevel} {formatter(state, exception)}");
            Said.TrySetResult();
        }
    }
}
