using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Api;

/// <summary>One measurement over the public API with one type of message. The loops themselves allocate once, not for each message.</summary>
/// <typeparam name="TMessage">The message, and its answer.</typeparam>
internal sealed class ApiExchange<TMessage>(ApiCluster cluster, Cell cell)
    where TMessage : IMessage<TMessage>, IEcho<TMessage>
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    private readonly Traffic _traffic = new();
    private readonly ReadOnlyMemory<byte> _data = EchoContent.DataOf(cell.Size);
    private readonly int _dataLength = TMessage.Create(0, EchoContent.DataOf(cell.Size)).DataLength;
    private readonly Target _worker = Target.Worker(0);

    public async Task<Measurement> RunAsync()
    {
        await cluster.AskAsync(1, resets: true);
        Usage asking = await cluster.UsageAsync(1);
        Usage before = await cluster.UsageAsync(1);
        asking = before - asking;
        await (cell.Depth switch
        {
            0 => SendAsync(),
            1 => AskAsync(),
            _ => AskManyAsync(),
        });
        Usage used = await cluster.UsageAsync(1) - before - asking;
        WorkerState state = await cluster.AskAsync(1);
        return Measurement.Of(cell, _traffic, used, state.ProcessId, state.Received, state.OutOfOrder);
    }

    private async Task SendAsync()
    {
        long now = _traffic.Begin(cell.Milliseconds);
        while (now < _traffic.Until)
        {
            await cluster.Sender.SendAsync(TMessage.Create(_traffic.Sent, _data), _worker);
            _traffic.Sent++;
            now = Stopwatch.GetTimestamp();
        }

        await DrainAsync();
    }

    /// <summary>A question to another listener may overtake: what counts is when the last message was handled.</summary>
    private async Task DrainAsync()
    {
        long begin = Stopwatch.GetTimestamp();
        do
        {
            WorkerState state = await cluster.AskAsync(1);
            _traffic.End();
            if (state.Received >= _traffic.Sent)
            {
                return;
            }
        }
        while (Stopwatch.GetElapsedTime(begin) < DrainTimeout);
    }

    private async Task AskAsync()
    {
        long last = _traffic.Begin(cell.Milliseconds);
        while (last < _traffic.Until)
        {
            long number = _traffic.Sent++;
            Check(await cluster.Sender.RequestAsync<TMessage, TMessage>(TMessage.Create(number, _data), _worker), number);
            long now = Stopwatch.GetTimestamp();
            _traffic.Latencies.Add(now - last);
            last = now;
        }

        _traffic.End();
    }

    /// <summary>Keeps depth requests in flight and awaits the oldest: answers come in the order of the requests.</summary>
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Each is awaited once, before its slot is used again.")]
    private async Task AskManyAsync()
    {
        var asked = new ValueTask<TMessage>[cell.Depth];
        long[] sentAt = new long[cell.Depth];
        long now = _traffic.Begin(cell.Milliseconds);
        for (long answered = 0; now < _traffic.Until || answered < _traffic.Sent; answered++)
        {
            while (now < _traffic.Until && _traffic.Sent - answered < cell.Depth)
            {
                long slot = _traffic.Sent % cell.Depth;
                sentAt[slot] = now;
                asked[slot] = cluster.Sender.RequestAsync<TMessage, TMessage>(TMessage.Create(_traffic.Sent++, _data), _worker);
            }

            Check(await asked[answered % cell.Depth], answered);
            now = Stopwatch.GetTimestamp();
            _traffic.Latencies.Add(now - sentAt[answered % cell.Depth]);
        }

        _traffic.End();
    }

    private void Check(TMessage answer, long number)
    {
        if (answer.Number != number || answer.DataLength != _dataLength)
        {
            _traffic.Wrong++;
        }
    }
}
