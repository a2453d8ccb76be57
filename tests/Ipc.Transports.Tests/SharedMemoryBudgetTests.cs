using Ipc.Transports.Broker;
using Ipc.Transports.Memory;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Tests;

/// <summary>How much shared memory there is, and what happens when there is none.</summary>
public sealed class SharedMemoryBudgetTests
{
    [Fact]
    public void What_the_kernel_refuses_is_not_counted_and_logged_once_with_its_reason()
    {
        var log = new CountingLogger();
        var budget = new SharedMemoryBudget(isWanted: true, limit: 1000, log);
        for (int i = 0; i < 5; i++)
        {
            Assert.Null(budget.TryCreate<string>(100, () => throw new SharedMemoryException(SharedMemoryFailure.Refused, "The kernel refused 100 bytes: no memory.")));
        }

        Assert.Equal(0, budget.InUse);
        Assert.Contains("no memory", budget.Refusal, StringComparison.Ordinal);
        Assert.Equal(1, log.Count);
        Assert.Equal("ring", budget.TryCreate(100, () => "ring"));
        Assert.Equal(100, budget.InUse);
    }

    [Fact]
    public void Reasons_that_begin_alike_are_logged_each_and_those_that_differ_in_numbers_once()
    {
        var log = new CountingLogger();
        var budget = new SharedMemoryBudget(isWanted: true, limit: 100_000, log);
        Refuse("The kernel refused 100 bytes of shared memory: memfd_create: Too many open files.");
        Refuse("The kernel refused 100 bytes of shared memory: posix_fallocate: No space left on device.");
        Assert.Equal(2, log.Count);
        Refuse("The kernel refused 12.345 bytes of shared memory: memfd_create: Too many open files.");
        Assert.Equal(2, log.Count);
        budget.TryCreateForFrame<string>(200_000, () => "too large");
        budget.TryCreateForFrame<string>(200_001, () => "too large");
        Assert.Equal(3, log.Count);

        void Refuse(string reason) => Assert.Null(budget.TryCreate<string>(100, () => throw new SharedMemoryException(SharedMemoryFailure.Refused, reason)));
    }

    [Fact]
    public void A_platform_without_shared_memory_is_asked_once()
    {
        var budget = new SharedMemoryBudget(isWanted: true, limit: 1000, new CountingLogger());
        int asked = 0;
        for (int i = 0; i < 5; i++)
        {
            Assert.Null(budget.TryCreate<string>(100, () =>
            {
                asked++;
                throw new SharedMemoryException(SharedMemoryFailure.NotSupported, "There is no memfd here.");
            }));
        }

        Assert.Equal(1, asked);
    }

    [Fact]
    public void The_limit_is_never_passed_and_what_is_given_back_can_be_used_again()
    {
        var budget = new SharedMemoryBudget(isWanted: true, limit: 1000, new CountingLogger());
        Assert.NotNull(budget.TryCreate(600, () => "first"));
        Assert.Null(budget.TryCreate(600, () => "second"));
        Assert.Contains("SharedMemoryLimit", budget.Refusal, StringComparison.Ordinal);
        budget.Release(600);
        Assert.NotNull(budget.TryCreate(600, () => "third"));
        Assert.Equal(600, budget.InUse);
    }

    [Theory]
    [InlineData(true, 0, "SharedMemoryLimit")]
    [InlineData(false, 1000, "UseSharedMemory")]
    public void The_refusal_names_the_setting_that_switched_shared_memory_off(bool isWanted, long limit, string setting)
    {
        var budget = new SharedMemoryBudget(isWanted, limit, new CountingLogger());
        Assert.Contains(setting, budget.Refusal, StringComparison.Ordinal);
        Assert.Null(budget.TryCreate(100, () => "ring"));
    }

    private sealed class CountingLogger : ILogger
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
