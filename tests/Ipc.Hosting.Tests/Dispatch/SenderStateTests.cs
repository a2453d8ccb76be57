using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Dispatch;

/// <summary>The requests of one sender, found by cancels and by the news of its end while they run on the reading thread.</summary>
public sealed class SenderStateTests : IAsyncDisposable
{
    private readonly SenderState _sender = new(new ScriptedInboundLane(PeerId.Worker("worker", 1, 1)));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dispatcher _dispatcher;
    private readonly ActionEntry _entry = new("a", 1, []);

    public SenderStateTests()
    {
        _dispatcher = new Dispatcher(
            ListenerRegistry.Create([], ListenerPlaces.Workers), _services, new IpcOptions(), hasFilters: false,
            new IpcMetrics(_services.GetRequiredService<IMeterFactory>(), PeerId.Supervisor), NullLogger<Dispatcher>.Instance);
    }

    [Fact]
    public void A_request_that_ended_before_anybody_looked_may_be_reused()
    {
        MessageRun run = Begin(7);

        Assert.True(_sender.RemoveRequest(run));
        _sender.Cancel(7);
        Assert.False(run.IsCancelRequested_NeedsLock);
    }

    [Fact]
    public void Lanes_of_run_time_subscriptions_that_have_ended_are_forgotten_and_others_are_kept()
    {
        ActionLane kept = _sender.GetLane(_entry);
        var lanes = new List<WeakReference>();
        for (ulong i = 2; i <= 1_000; i++)
        {
            Add(i);
        }

        GC.Collect();
        Assert.InRange(lanes.Count(lane => lane.IsAlive), 0, 65);
        Assert.Same(kept, _sender.GetLane(_entry));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void Add(ulong hash)
        {
            var entry = new ActionEntry("topic", hash, []);
            lanes.Add(new WeakReference(_sender.GetLane(entry)));
            entry.HasEnded = true;
        }
    }

    [Fact]
    public void A_cancel_finds_the_request_that_runs_and_the_one_that_it_has_overtaken()
    {
        MessageRun late = Begin(7);
        MessageRun current = Begin(8);

        _sender.Cancel(7);
        _sender.Cancel(9);

        Assert.True(late.IsCancelRequested_NeedsLock);
        Assert.False(current.IsCancelRequested_NeedsLock);
        Assert.False(_sender.RemoveRequest(late));
        _sender.Cancel(8);
        Assert.True(current.IsCancelRequested_NeedsLock);
        Assert.False(_sender.RemoveRequest(current));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_requests_with_one_number_the_earlier_is_cancelled_and_takes_nothing_of_the_later_with_it(bool inline)
    {
        MessageRun earlier = Begin(7);
        if (!inline)
        {
            _sender.Cancel(8); // from now on it is found among the others
        }

        MessageRun later = Begin(7);
        _sender.Cancel(8);

        Assert.True(earlier.IsCancelRequested_NeedsLock);
        Assert.False(later.IsCancelRequested_NeedsLock);
        Assert.False(_sender.RemoveRequest(earlier));
        _sender.Gone();
        Assert.True(later.IsCancelRequested_NeedsLock);
    }

    [Fact]
    public void A_request_that_was_looked_at_and_not_meant_may_be_reused_and_is_not_found_any_more()
    {
        MessageRun run = Begin(7);
        _sender.Cancel(8);

        Assert.True(_sender.RemoveRequest(run));
        _sender.Cancel(7);
        Assert.False(run.IsCancelRequested_NeedsLock);
    }

    [Fact]
    public void The_end_of_the_sender_cancels_what_runs_and_what_begins_after_it()
    {
        MessageRun late = Begin(7);
        MessageRun current = Begin(8);
        _sender.Gone();
        MessageRun next = Begin(9);

        Assert.All([late, current, next], run => Assert.True(run.IsCancelRequested_NeedsLock));
        Assert.All([late, current, next], run => Assert.False(_sender.RemoveRequest(run)));
    }

    [Fact]
    public async Task A_run_whose_cancel_was_on_its_way_when_it_ended_is_never_told_that_it_may_be_reused()
    {
        // The cancelling thread looks at the run while its own thread ends it: either the end comes first, or it sees the wish.
        for (int round = 0; round < 20_000; round++)
        {
            MessageRun run = Begin(round);
            Task cancel = Task.Run(() => _sender.Cancel(run.Correlation));
            bool reusable = _sender.RemoveRequest(run);
            await cancel;
            Assert.NotEqual(reusable, run.IsCancelRequested_NeedsLock);
        }
    }

    [Fact]
    public void Every_action_has_one_lane()
    {
        var other = new ActionEntry("b", 2, []);
        ActionLane lane = _sender.GetLane(_entry);

        Assert.NotSame(lane, _sender.GetLane(other));
        Assert.Same(lane, _sender.GetLane(_entry));
        Assert.Same(lane, _sender.GetLane(_entry));
    }

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        await _services.DisposeAsync();
    }

    private MessageRun Begin(long correlation)
    {
        var run = new MessageRun(_dispatcher);
        run.Begin(_sender, _entry, null, new FrameHeader(FrameKind.Request, FrameFlags.None, 1, correlation, 0), FrameHeader.Size, inline: true);
        return run;
    }
}
