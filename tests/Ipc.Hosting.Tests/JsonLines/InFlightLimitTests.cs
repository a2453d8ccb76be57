using Ipc.JsonLines;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

public sealed class InFlightLimitTests
{
    [Fact]
    public async Task Beyond_the_most_calls_one_waits_until_another_leaves()
    {
        var limit = new InFlightLimit(maxCount: 2, maxBytes: 100);
        await EnterAsync(limit, 1);
        await EnterAsync(limit, 1);
        Task third = EnterAsync(limit, 1);
        Assert.False(third.IsCompleted);
        limit.Leave(1);
        await third;
    }

    [Fact]
    public async Task Beyond_the_most_bytes_too_but_one_alone_passes_whatever_its_size()
    {
        var limit = new InFlightLimit(maxCount: 10, maxBytes: 100);
        await EnterAsync(limit, 500);
        Task second = EnterAsync(limit, 60);
        Assert.False(second.IsCompleted);
        limit.Leave(500);
        await second;
        await EnterAsync(limit, 40);
        using var leaving = new CancellationTokenSource();
        Task third = EnterAsync(limit, 1, leaving.Token);
        Assert.False(third.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task Draining_ends_when_nothing_is_under_way()
    {
        var limit = new InFlightLimit(maxCount: 2, maxBytes: 100);
        Assert.True(await limit.TryDrainAsync(TimeSpan.Zero));
        await EnterAsync(limit, 1);
        await EnterAsync(limit, 1);
        Assert.False(await limit.TryDrainAsync(TimeSpan.FromMilliseconds(1)));
        Task<bool> drained = limit.TryDrainAsync(TimeSpan.FromSeconds(20)).AsTask();
        limit.Leave(1);
        Assert.False(drained.IsCompleted);
        limit.Leave(1);
        Assert.True(await drained);
    }

    [Fact]
    public async Task Who_finds_no_place_in_time_has_none()
    {
        var limit = new InFlightLimit(maxCount: 1, maxBytes: 100);
        await EnterAsync(limit, 1);
        Assert.False(await limit.TryEnterAsync(1, TimeSpan.FromMilliseconds(1), CancellationToken.None));
        limit.Leave(1);
        Assert.True(await limit.TryDrainAsync(TimeSpan.Zero));
    }

    private static async Task EnterAsync(InFlightLimit limit, int bytes, CancellationToken cancellationToken = default) =>
        Assert.True(await limit.TryEnterAsync(bytes, TimeSpan.FromSeconds(20), cancellationToken));
}
