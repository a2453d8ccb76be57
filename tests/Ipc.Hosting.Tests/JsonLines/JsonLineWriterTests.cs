using System.Text;
using Ipc.JsonLines;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

public sealed class JsonLineWriterTests
{
    [Fact]
    public async Task Lines_that_come_while_the_stream_is_busy_wait_for_it_and_are_written_at_once()
    {
        var stream = new SlowStream();
        var writer = new JsonLineWriter(stream);
        Task first = writer.WriteAsync("one"u8), second = writer.WriteAsync("two"u8), third = writer.WriteAsync("three"u8);
        Assert.False(first.IsCompleted);

        stream.Let();
        await first;
        Assert.False(second.IsCompleted);
        await stream.Busy(2);
        stream.Let();
        await Task.WhenAll(second, third);
        Assert.Equal(["one\n", "two\nthree\n"], stream.Written);
    }

    [Fact]
    public async Task When_the_stream_fails_so_do_all_that_wait_and_all_that_come()
    {
        var stream = new SlowStream { Fails = true };
        var writer = new JsonLineWriter(stream);
        Task first = writer.WriteAsync("one"u8), second = writer.WriteAsync("two"u8);
        stream.Let();
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        await Assert.ThrowsAsync<IOException>(() => writer.WriteAsync("three"u8));
    }

    /// <summary>Takes each write when the test lets it.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private readonly SemaphoreSlim _let = new(0);
        private int _writes;

        public bool Fails { get; init; }

        public List<string> Written { get; } = [];

        public void Let() => _let.Release();

        public Task Busy(int writes) => Processes.ClusterProcess.UntilAsync(() => Volatile.Read(ref _writes) >= writes, $"write {writes}");

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _writes);
            await _let.WaitAsync(cancellationToken);
            Written.Add(Fails ? throw new IOException("gone") : Encoding.UTF8.GetString(buffer.Span));
        }

        protected override void Dispose(bool disposing)
        {
            _let.Dispose();
            base.Dispose(disposing);
        }
    }
}
