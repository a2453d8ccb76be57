using System.Runtime.CompilerServices;

namespace Ipc.Hosting.Tests.Contracts;

/// <summary>Records how each of its streams has ended.</summary>
internal sealed class Feed(Recorder recorder, Gates gates) : IFeed
{
    public async IAsyncEnumerable<Tick> WatchAsync(int from, int count, string then = "ends", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (int i = from; i < from + count; i++)
            {
                if (i % 100 == 0)
                {
                    await Task.Yield();
                }

                yield return new Tick(i, then == "fills" ? new byte[10_000] : null);
            }

            switch (then)
            {
                case "throws":
                    throw new InvalidTimeZoneException("no such zone");
                case "waits":
                    await gates.Release.Task.WaitAsync(cancellationToken);
                    break;
            }

            recorder.Add("ended");
        }
        finally
        {
            recorder.Add($"left {cancellationToken.IsCancellationRequested}");
            gates.Cancelled.TrySetResult();
        }
    }

    public async IAsyncEnumerable<List<int>?> ListsAsync()
    {
        yield return [1, 2];
        yield return null;
        await Task.Yield();
        yield return [.. Enumerable.Range(0, 200_000)];
        yield return [];
    }

    public async Task<long> SumAsync(string how, IAsyncEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        long sum = 0;
        if (how == "nothing")
        {
            return -1;
        }

        await foreach (int number in numbers.WithCancellation(cancellationToken))
        {
            sum += number;
            if (how == "some" && number == 3)
            {
                break;
            }

            if (how == "throws" && number == 3)
            {
                throw new InvalidTimeZoneException("no such zone");
            }
        }

        return sum;
    }

    public async ValueTask TakeAsync(IAsyncEnumerable<Tick> ticks)
    {
        await foreach (Tick tick in ticks)
        {
            recorder.Add($"{tick.Number}");
        }
    }

    public async Task<int> LengthAsync(IAsyncEnumerable<byte[]> pieces)
    {
        int length = 0;
        await foreach (byte[] piece in pieces)
        {
            length += piece.Length;
        }

        return length;
    }
}
