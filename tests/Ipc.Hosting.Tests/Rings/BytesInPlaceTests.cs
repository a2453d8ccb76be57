using Xunit;

namespace Ipc.Hosting.Tests.Rings;

/// <summary>Listeners that read the bytes of their message where they have arrived.</summary>
public sealed class BytesInPlaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Reading_bytes_in_place_allocates_nothing()
    {
        const int Messages = 400;
        await using RingCluster cluster = await WarmAsync();
        byte[] data = Data(1, 3001);
        (int Number, int Thread, long Allocated) last = default;
        int pairs = 0;
        int wrong = 0;
        long allocated = 0;
        int arrived = 0;
        cluster.Gates.OnBlob = blob =>
        {
            wrong += blob.Data.Span.SequenceEqual(data) ? 0 : 1;
            (int Number, int Thread, long Allocated) now = (blob.Number, Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread());
            if (now.Number > 100 && now.Number == last.Number + 1 && now.Thread == last.Thread)
            {
                pairs++; // the first messages warm up; those around a hand-over are on two threads
                allocated += now.Allocated - last.Allocated;
            }

            last = now;
            Volatile.Write(ref arrived, arrived + 1);
            return default;
        };

        for (int i = 1; i <= Messages; i++)
        {
            await cluster.Sender.SendAsync(new Blob(i, data), Target.Worker(0));
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref arrived) == i, Patience));
        }

        Assert.InRange(pairs, 20, Messages);
        Assert.Equal((0, 0), (wrong, allocated));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5003)]
    [InlineData(700_001)]
    public async Task A_listener_that_goes_on_later_still_has_its_bytes(int size)
    {
        await using RingCluster cluster = await WarmAsync(64 << 10);
        byte[] data = Data(7, size);
        cluster.Gates.OnBlob = async blob =>
        {
            Check(data, blob.Data);
            cluster.Gates.Started.SetResult();
            await cluster.Gates.Release.Task;
            Check(data, blob.Data);
        };

        Task<Blob> answer = cluster.Sender.RequestAsync(new Blob(1, data), Target.Worker(0)).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(Patience);
        await FillAsync(cluster);
        cluster.Gates.Release.SetResult();

        Assert.Equal(new Blob(1, data), await answer.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_message_that_waited_has_its_bytes_until_its_listener_has_ended()
    {
        await using RingCluster cluster = await RingCluster.StartAsync(); // the first message of a singleton goes to the pool
        await WaitsAsync(cluster, 5003);
    }

    [Fact]
    public async Task A_large_message_that_waited_has_its_bytes_until_its_listener_has_ended()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        await WaitsAsync(cluster, 700_001);
    }

    [Fact]
    public async Task Over_a_pipe_too_bytes_are_there_until_the_listener_has_ended()
    {
        await using RingCluster cluster = await RingCluster.StartAsync(overPipe: true);
        await WaitsAsync(cluster, 5003);
    }

    [Theory]
    [InlineData(5003)]
    [InlineData(700_001)]
    public async Task Bytes_that_are_asked_for_after_the_listener_has_ended_are_refused_with_a_sentence(int size)
    {
        await using RingCluster cluster = await WarmAsync();
        MessageBytes kept = default;
        cluster.Gates.OnBlob = blob =>
        {
            kept = blob.Data;
            return default;
        };

        await cluster.Sender.RequestAsync(new Blob(1, Data(1, size)), Target.Worker(0));

        await EndsAsync(kept);
        Assert.Equal(size, kept.Length);
        Assert.Contains("ToArray", Assert.Throws<ObjectDisposedException>(() => kept.ToArray()).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => kept.Equals(Data(1, size)));

        // The next message has the same memory, and is another one.
        cluster.Gates.OnBlob = blob =>
        {
            Assert.Throws<ObjectDisposedException>(() => kept.Span.Length);
            Check(Data(2, size), blob.Data);
            return default;
        };
        Assert.Equal(Data(2, size), (await cluster.Sender.RequestAsync(new Blob(2, Data(2, size)), Target.Worker(0))).Data.ToArray());
    }

    [Fact]
    public async Task Another_thread_reads_the_bytes_while_the_listener_blocks_for_it()
    {
        await using RingCluster cluster = await WarmAsync();
        byte[] data = Data(3, 5003);
        cluster.Gates.OnBlob = blob =>
        {
            Task.Run(() => Check(data, blob.Data)).Wait(Patience);
            Assert.Equal(data, Task.Run(() => blob.Data.ToArray()).Result);
            Check(data, blob.Data);
            return default;
        };

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(data, (await cluster.Sender.RequestAsync(new Blob(i, data), Target.Worker(0))).Data.ToArray());
        }
    }

    [Fact]
    public async Task Bytes_of_a_listener_that_blocks_never_change_and_its_sender_waits_for_their_place()
    {
        await using RingCluster cluster = await WarmAsync(64 << 10, TimeSpan.FromMilliseconds(300));
        byte[] data = Data(5, 9001);
        cluster.Gates.OnBlob = blob =>
        {
            ReadOnlySpan<byte> span = blob.Data.Span;
            cluster.Gates.Started.SetResult();
            while (!cluster.Gates.Release.Task.Wait(1))
            {
                Check(data, span);
            }

            Check(data, span);
            Check(data, blob.Data);
            return default;
        };
        long before = cluster.HandOvers(0);

        Task<Blob> answer = cluster.Sender.RequestAsync(new Blob(1, data), Target.Worker(0)).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(Patience);
        int sent = 0;
        IpcException full = await Assert.ThrowsAsync<IpcException>(async () =>
        {
            for (; sent < 100; sent++)
            {
                await cluster.Sender.RequestAsync(new WithHeaders(new string('x', 4001)), Target.Worker(0)).AsTask().WaitAsync(Patience);
            }
        });
        Assert.Equal(IpcError.InboxFull, full.Reason);
        Assert.InRange(sent, 5, 14); // it is answered while there is room beside the bytes
        Assert.InRange(cluster.HandOvers(0) - before, 1, 100);
        cluster.Gates.Release.SetResult();

        Assert.Equal(new Blob(1, data), await answer.WaitAsync(Patience));
        await RoomAsync(cluster);
        await FillAsync(cluster);
    }

    [Fact]
    public async Task Large_bytes_of_a_listener_that_blocks_never_change()
    {
        await using RingCluster cluster = await WarmAsync();
        byte[] data = Data(5, 700_001);
        cluster.Gates.OnBlob = blob =>
        {
            if (blob.Number != 1)
            {
                return default;
            }

            ReadOnlySpan<byte> span = blob.Data.Span;
            cluster.Gates.Started.SetResult();
            while (!cluster.Gates.Release.Task.Wait(1))
            {
                Check(data, span);
            }

            Check(data, span);
            return default;
        };

        Task<Blob> answer = cluster.Sender.RequestAsync(new Blob(1, data), Target.Worker(0)).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(Patience);
        for (int i = 2; i < 12; i++)
        {
            byte[] other = Data(i * 10, 700_001);
            Assert.Equal(new Blob(i, other), await cluster.Sender.RequestAsync(new Blob(i, other), Target.Worker(0)).AsTask().WaitAsync(Patience));
        }

        cluster.Gates.Release.SetResult();
        Assert.Equal(new Blob(1, data), await answer.WaitAsync(Patience));
    }

    private static async Task WaitsAsync(RingCluster cluster, int size)
    {
        byte[] data = Data(4, size);
        MessageBytes kept = default;
        cluster.Gates.OnBlob = async blob =>
        {
            kept = blob.Data;
            Check(data, blob.Data);
            await Task.Yield();
            Check(data, blob.Data);
            Assert.Equal(data, blob.Data.ToArray());
        };

        Assert.Equal(new Blob(1, data), await cluster.Sender.RequestAsync(new Blob(1, data), Target.Worker(0)).AsTask().WaitAsync(Patience));
        await EndsAsync(kept);
    }

    /// <summary>The answer is a moment earlier than the end.</summary>
    private static Task EndsAsync(MessageBytes bytes) => Task.Run(() =>
        Assert.True(SpinWait.SpinUntil(() => Record.Exception(() => bytes.Span.Length) is ObjectDisposedException, Patience), "the bytes go with their listener"));

    /// <summary>The answer is a moment earlier than the end, and the ring is free again behind that.</summary>
    private static async Task RoomAsync(RingCluster cluster)
    {
        for (int i = 0; i < 200; i++)
        {
            Exception? full = await Record.ExceptionAsync(() => cluster.Sender.RequestAsync(new WithHeaders("x"), Target.Worker(0)).AsTask());
            if (full is null)
            {
                return;
            }

            Assert.Equal(IpcError.InboxFull, Assert.IsType<IpcException>(full).Reason);
        }

        Assert.Fail("The ring stays full.");
    }

    /// <summary>Sends three times of what a ring of 64 KiB holds.</summary>
    private static async Task FillAsync(RingCluster cluster)
    {
        for (int i = 0; i < 48; i++)
        {
            Assert.Equal("none", await cluster.Sender.RequestAsync(new WithHeaders(new string('x', 4001)), Target.Worker(0)).AsTask().WaitAsync(Patience));
        }
    }

    private static void Check(byte[] expected, MessageBytes actual) => Check(expected, actual.Span);

    private static void Check(byte[] expected, ReadOnlySpan<byte> actual) => Assert.True(actual.SequenceEqual(expected), "the bytes have changed");

    private static byte[] Data(int seed, int size)
    {
        byte[] data = new byte[size];
        new Random(seed).NextBytes(data);
        return data;
    }

    /// <summary>A singleton is made on the pool; from then on it runs inline.</summary>
    private static async Task<RingCluster> WarmAsync(int ringSize = 1 << 20, TimeSpan? sendTimeout = null)
    {
        RingCluster cluster = await RingCluster.StartAsync(configure: o =>
        {
            o.RingSize = ringSize;
            o.SendTimeout = sendTimeout ?? o.SendTimeout;
        });
        await cluster.Sender.RequestAsync(new Blob(0, Data(0, 11)), Target.Worker(0));
        await cluster.Sender.RequestAsync(new WithHeaders("x"), Target.Worker(0));
        return cluster;
    }
}
