using System.Diagnostics.CodeAnalysis;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Rings;

/// <summary>Requests that are awaited later than they are answered: nobody is woken for their answers, and none is lost.</summary>
[SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Each is awaited once.")]
public sealed class LateAwaitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task More_answers_than_their_ring_holds_are_all_there_for_who_awaits_them_at_the_end()
    {
        const int Count = 3000;
        await using RingCluster cluster = await RingCluster.StartAsync(configure: o => o.RingSize = 64 << 10);

        await AskAsync().WaitAsync(Patience);

        async Task AskAsync()
        {
            var asked = new ValueTask<Doubled>[Count];
            for (int i = 0; i < Count; i++)
            {
                asked[i] = cluster.Sender.RequestAsync(new Double(i), Target.Worker(0));
            }

            for (int i = 0; i < Count; i++)
            {
                Assert.Equal(2 * i, (await asked[i]).Number);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_was_sent_is_there_for_who_awaits_it_when_the_worker_that_sent_it_has_died(bool overPipe)
    {
        await using RingCluster cluster = await RingCluster.StartAsync(overPipe: overPipe);
        Assert.Equal(2, (await cluster.Sender.RequestAsync(new Double(1), Target.Worker(0))).Number);
        if (!overPipe)
        {
            await SettleAsync(cluster);
        }


        ValueTask<Doubled> asked = cluster.Sender.RequestAsync(new Double(21), Target.Worker(0));
        await PassRoundsAsync(cluster, 0);
        await cluster.CrashAsync(0);

        Assert.Equal(42, (await asked).Number);
    }

    [Fact]
    public async Task Who_begins_to_wait_while_nothing_reads_answers_is_woken_and_before_and_after_that_answers_need_not_wake_its_process()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        ITransportReceiver asker = cluster.Supervisor;
        await cluster.Sender.RequestAsync(new Double(1), Target.Worker(0)); // the next one finds its lane open

        ValueTask<string> asked = cluster.Sender.RequestAsync(new Slow("a"), Target.Worker(0));
        await cluster.Gates.Started.Task.WaitAsync(Patience);
        Assert.True(SpinWait.SpinUntil(() => cluster.IsReaderParked, Patience));
        bool expectsBefore = asker.ExpectsAnswers;
        Task<string> awaited = asked.AsTask();
        bool expectsThen = asker.ExpectsAnswers;
        cluster.Gates.Release.SetResult();
        await awaited.WaitAsync(Patience);

        Assert.False(expectsBefore);
        Assert.True(expectsThen);
        Assert.False(asker.ExpectsAnswers);
    }

    [Fact]
    public async Task A_request_whose_answer_has_arrived_is_answered_although_it_is_cancelled_before_it_is_awaited()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        await cluster.Sender.RequestAsync(new Double(1), Target.Worker(0)); // the next one finds its lane open
        using var cancel = new CancellationTokenSource();
        await SettleAsync(cluster);

        ValueTask<Doubled> asked = cluster.Sender.RequestAsync(new Double(21), Target.Worker(0), cancellationToken: cancel.Token);
        await PassRoundsAsync(cluster, 0);
        await cancel.CancelAsync();

        Assert.Equal(42, (await asked).Number);
    }

    [Fact]
    public async Task Requests_to_any_that_are_not_awaited_yet_go_to_who_answers_and_not_to_who_does_not()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        await cluster.Sender.RequestAsync(new Double(1), Target.Worker(0));
        await cluster.Sender.RequestAsync(new Double(1), Target.Worker(1));
        ValueTask<string> stuck = cluster.Sender.RequestAsync(new Slow("a"), Target.Worker(0));
        var asked = new List<ValueTask<Doubled>>();

        for (int i = 0; i < 20; i++)
        {
            asked.Add(cluster.Sender.RequestAsync(new Double(i)));
            await PassRoundsAsync(cluster, 1);
        }

        foreach (ValueTask<Doubled> request in asked)
        {
            Assert.Equal(1, (await request).WorkerId);
        }

        cluster.Gates.Release.SetResult();
        await stuck;
    }

    /// <summary>The supervisor's reader lay down while somebody waited, and answers ring for that; after one more it lies down while nobody waits, and the next answer is left unread.</summary>
    private static async Task SettleAsync(RingCluster cluster)
    {
        ValueTask<Doubled> asked = cluster.Sender.RequestAsync(new Double(1), Target.Worker(0));
        await PassRoundsAsync(cluster, 0);
        Assert.True(SpinWait.SpinUntil(() => cluster.IsReaderParked, Patience));
        await asked;
    }

    /// <summary>Whatever was sent to the worker before has been answered: another one asks it, and each answer to that is at least one round of its reader.</summary>
    private static async Task PassRoundsAsync(RingCluster cluster, int worker)
    {
        IMessageSender other = cluster.Worker(1 - worker).GetRequiredService<IMessageSender>();
        for (int i = 0; i < 10; i++)
        {
            await other.RequestAsync(new Double(i), Target.Worker(worker));
        }
    }
}
