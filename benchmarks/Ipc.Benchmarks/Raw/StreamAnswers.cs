using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Raw;

/// <summary>The answers of one measurement over a stream, read by one task and bounded in number by another.</summary>
internal sealed class StreamAnswers(FrameStream stream, Traffic traffic, Cell cell) : IDisposable
{
    private readonly SemaphoreSlim _free = new(Math.Max(1, cell.Depth));
    private readonly long[] _sentAt = new long[Math.Max(1, cell.Depth)];
    private long _next;

    public void Dispose() => _free.Dispose();

    /// <summary>Waits until fewer than the cell's depth are in flight.</summary>
    public Task WaitForRoomAsync() => _free.WaitAsync();

    /// <summary>Notes when a request was sent.</summary>
    public void Expect(long number, long now) => _sentAt[number % _sentAt.Length] = now;

    /// <summary>Reads one answer.</summary>
    /// <returns>Whether there is another to come.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync()
    {
        ReadOnlyMemory<byte> frame = await stream.ReadAsync();
        ReadOnlyMemory<byte> payload = frame[FrameStream.PrefixSize..];
        long number = EchoTally.NumberOf(payload.Span);
        if (number == EchoTally.Stop)
        {
            return false;
        }

        if (payload.Length != cell.Size || number != _next)
        {
            traffic.Wrong++;
        }

        _next++;
        return true;
    }

    /// <summary>Reads until the frame that ends the measurement comes back.</summary>
    public async Task ReadAllAsync()
    {
        while (await ReadAsync())
        {
            traffic.Latencies.Add(Stopwatch.GetTimestamp() - _sentAt[(_next - 1) % _sentAt.Length]);
            _free.Release();
        }
    }
}
