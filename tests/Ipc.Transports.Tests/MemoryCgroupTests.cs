using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>Near the limit of a memory cgroup the kernel kills instead of refusing, so shared memory is not even asked for there.</summary>
public sealed class MemoryCgroupTests
{
    private const long Mebibyte = 1 << 20;
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, true)] // 60 and a sixteenth of the limit are all of it
    [InlineData(61, false)]
    public void What_fits_with_a_margin_of_a_sixteenth_is_taken(int needed, bool fits)
    {
        using var files = new CgroupFiles("0::/a/b");
        files.Write("a/b/memory.max", $"{64 * Mebibyte}");
        files.Write("a/b/memory.current", "0");

        string? why = files.Memory.WhyNot(needed * Mebibyte);

        Assert.Equal(fits, why is null);
        if (!fits)
        {
            Assert.Contains("of the 67,108,864 bytes that ", why, StringComparison.Ordinal);
            Assert.Contains("a/b/memory.max allows, 0 are in use", why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_group_above_bounds_as_well()
    {
        using var files = new CgroupFiles("0::/a/b");
        files.Write("a/b/memory.max", "max");
        files.Write("a/b/memory.current", "0");
        files.Write("a/memory.max", $"{64 * Mebibyte}");
        files.Write("a/memory.current", $"{50 * Mebibyte}");

        Assert.Null(files.Memory.WhyNot(10 * Mebibyte));
        Assert.Contains("a/memory.max allows, 52,428,800 are in use", files.Memory.WhyNot(11 * Mebibyte), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_nobody_reads_give_way()
    {
        using var files = new CgroupFiles("0::/");
        files.Write("memory.max", $"{64 * Mebibyte}");
        files.Write("memory.current", $"{60 * Mebibyte}");
        Assert.NotNull(files.Memory.WhyNot(Mebibyte));

        files.Write("memory.stat", $"anon 1\nfile {50 * Mebibyte}\ninactive_file {40 * Mebibyte}\nactive_file 1");

        Assert.Null(files.Memory.WhyNot(40 * Mebibyte));
        Assert.NotNull(files.Memory.WhyNot(41 * Mebibyte));
    }

    [Fact]
    public void Version_1_is_understood_also_where_a_container_sees_its_own_group_as_the_root()
    {
        using var files = new CgroupFiles("5:cpu:/x\n4:memory:/docker/1234\n0::/");
        files.Write("memory/memory.limit_in_bytes", $"{64 * Mebibyte}");
        files.Write("memory/memory.usage_in_bytes", $"{60 * Mebibyte}");
        files.Write("memory/memory.stat", $"inactive_file 1\ntotal_inactive_file {10 * Mebibyte}");

        Assert.Null(files.Memory.WhyNot(10 * Mebibyte));
        Assert.Contains("memory.limit_in_bytes", files.Memory.WhyNot(11 * Mebibyte), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max", "1")]
    [InlineData("9223372036854771712", "1")] // no limit in version 1
    [InlineData("nonsense", "1")]
    [InlineData("100", "nonsense")]
    [InlineData("", "")]
    public void What_is_no_limit_bounds_nothing(string limit, string usage)
    {
        using var files = new CgroupFiles("4:memory:/\n0::/");
        files.Write("memory.max", limit);
        files.Write("memory.current", usage);
        files.Write("memory/memory.limit_in_bytes", limit);
        files.Write("memory/memory.usage_in_bytes", usage);

        Assert.Null(files.Memory.WhyNot(1L << 40));
    }

    [Fact]
    public void Without_groups_nothing_bounds()
    {
        var files = new CgroupFiles("no groups");
        Assert.Null(files.Memory.WhyNot(1L << 40));
        Memory.MemoryCgroup memory = files.Memory;
        files.Dispose();
        Assert.Null(memory.WhyNot(1L << 40));
    }

    [Fact]
    public async Task Near_the_limit_lanes_to_another_process_go_over_the_pipe_large_messages_through_their_ring_and_the_reason_names_the_option()
    {
        using var files = new CgroupFiles("0::/");
        files.Write("memory.max", $"{64 * Mebibyte}");
        files.Write("memory.current", $"{10 * Mebibyte}");
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions(), cgroup: files.Memory);
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker);
        Assert.NotEqual(Environment.ProcessId, peer.Id);
        OutboundLane ring = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await AskAsync(supervisor, ring, 1, 1_000_003);
        Assert.Equal(LaneBacking.SharedMemory, ring.Backing);

        files.Write("memory.current", $"{60 * Mebibyte}");
        long before = supervisor.Transport.SharedMemoryInUse;
        await AskAsync(supervisor, ring, 2, 8_000_003); // gets no memory of its own any more
        Assert.True(supervisor.Transport.SharedMemoryInUse <= before);
        PeerId other = PeerId.Worker("worker", 1, 1);
        await using PeerProcess second = await PeerProcess.StartAsync(supervisor, other);
        OutboundLane pipe = await supervisor.Transport.OpenLaneAsync(other, LaneKind.Inbox, default);
        await AskAsync(supervisor, pipe, 3, 1_000_003);

        Assert.Equal(LaneBacking.Pipe, pipe.Backing);
        Assert.Contains("The memory cgroup is near its limit: of the 67,108,864 bytes that ", supervisor.Transport.SharedMemoryRefusal, StringComparison.Ordinal);
        Assert.Contains("Ipc:SharedMemoryLimit (1,073,741,824)", supervisor.Transport.SharedMemoryRefusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Near_the_limit_a_successor_still_gets_the_inbox_of_its_predecessor()
    {
        using var files = new CgroupFiles("0::/");
        files.Write("memory.max", $"{64 * Mebibyte}");
        files.Write("memory.current", $"{10 * Mebibyte}");
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions(), cgroup: files.Memory);
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker, "hold");
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(7, 101));

        files.Write("memory.current", $"{64 * Mebibyte}");
        await peer.KillAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);

        await using PeerProcess successor = await PeerProcess.StartAsync(supervisor, Worker with { Incarnation = 2 }, "return");
        ReceivedFrame back = await supervisor.Receiver.NextAsync();
        Assert.Equal(7, back.Number);
        Assert.Equal(101, back.Bytes.Length);
    }

    private static async Task AskAsync(TestSupervisor supervisor, OutboundLane lane, int number, int size)
    {
        byte[] request = Frames.Numbered(number, size, FrameKind.Request);
        await lane.SendAsync(request);
        ReceivedFrame answer = await supervisor.Receiver.NextAsync();
        Assert.Equal(number, answer.Number);
        Assert.Equal(request[FrameHeader.Size..], answer.Bytes[FrameHeader.Size..]);
    }
}
