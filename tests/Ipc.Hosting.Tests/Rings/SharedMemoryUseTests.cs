using System.Globalization;
using Xunit;

namespace Ipc.Hosting.Tests.Rings;

/// <summary>When rings are made, and of what.</summary>
public sealed class SharedMemoryUseTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public async Task Rings_are_made_at_the_first_message_between_two_peers()
    {
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 4);
        long before = cluster.Transport.SharedMemoryInUse;

        await cluster.Sender.RequestAsync(new Double(1), Target.Worker(0));
        long after = cluster.Transport.SharedMemoryInUse;
        await cluster.Sender.RequestAsync(new Double(2), Target.Worker(0));

        Assert.InRange(after - before, Mebibyte, 2 * Mebibyte); // one inbox of 1 MiB, one lane of answers of 64 KiB, their control pages
        Assert.Equal(after, cluster.Transport.SharedMemoryInUse);
    }

    [Fact]
    public async Task Eight_workers_use_more_memory_than_a_containers_dev_shm_has_and_nothing_of_it()
    {
        const int Workers = 8;
        await using RingCluster cluster = await RingCluster.StartAsync(Workers);

        for (int from = 0; from < Workers; from++)
        {
            for (int to = 0; to < Workers; to++)
            {
                Assert.Equal("arrived", await cluster.Sender.RequestAsync(new HopConcurrent([$"{to}:concurrent"]), Target.Worker(from)));
            }
        }

        Assert.Null(cluster.Transport.SharedMemoryRefusal);
        Assert.True(cluster.Transport.SharedMemoryInUse > 64 * Mebibyte, $"only {cluster.Transport.SharedMemoryInUse} bytes");
        string[] maps = await File.ReadAllLinesAsync("/proc/self/maps");
        Assert.DoesNotContain(maps, m => m.Contains("/dev/shm/", StringComparison.Ordinal));
        Assert.True(maps.Where(m => m.Contains("/memfd:", StringComparison.Ordinal)).Sum(Size) > 64 * Mebibyte, "the rings are not memfd");
    }

    // "7f0000000000-7f0000001000 rw-s ..."
    private static long Size(string map)
    {
        string[] ends = map.Split(' ')[0].Split('-');
        return long.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - long.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
