using System.Text.RegularExpressions;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Streams between real processes, over rings and over pipes.</summary>
public sealed partial class StreamProcessTests : IDisposable
{
    private const int SigKill = 9;
    private const string Pipes = "--Ipc:SharedMemoryLimit=0";

    private readonly string _marker = Path.GetTempFileName();

    public void Dispose() => File.Delete(_marker);

    [Theory]
    [InlineData("", 1L << 30)]
    [InlineData(Pipes, 256L << 20)]
    public async Task A_payload_that_fits_no_heap_arrives_whole_and_at_most_a_window_waits(string option, long bytes)
    {
        // Neither process may have more than 64 MiB of managed memory.
        ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet", [ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--Ipc:Workers:Count=1", option], i => i.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000");
        await using (cluster)
        {
            int worker = (await ReadyAsync(cluster)).Values.Single();

            string result = await cluster.CommandAsync($"upload 0 {bytes} {_marker}");

            Match match = ResultPattern().Match(result);
            Assert.True(match.Success, result);
            Assert.Equal(worker, Number(1));
            Assert.NotEqual(cluster.ProcessId, worker);
            Assert.Equal(bytes, Number(2));
            Assert.InRange(Number(3), 1, 256 << 10);
            Assert.InRange(Number(4), 1, 64 << 20);
            Assert.InRange(Number(5), 1, 64 << 20);

            long Number(int group) => long.Parse(match.Groups[group].Value, null);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(Pipes)]
    public async Task A_killed_reader_fails_its_writer_with_PeerGone_and_its_successor_reads_nothing_of_it(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Task<string> upload = cluster.CommandAsync($"upload 0 {long.MaxValue} {_marker}");
        await UntilMarkedAsync("started");

        ClusterProcess.Signal(worker, SigKill);

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => upload);
        Assert.StartsWith("PeerGone", error.Message, StringComparison.Ordinal);
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));
        Assert.Contains(" bytes=100000 same=True ", await cluster.CommandAsync($"upload 0 100000 {_marker}"), StringComparison.Ordinal);
        Assert.Equal("started\nstarted\n", await File.ReadAllTextAsync(_marker));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Pipes)]
    public async Task A_killed_writer_fails_its_reader_with_PeerGone_in_both_directions(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=3", option);
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Assert.Equal(4, workers.Values.Append(cluster.ProcessId).Distinct().Count());

        // A listener that writes: the supervisor reads.
        Task<string> download = cluster.CommandAsync($"download 2 {long.MaxValue} {_marker}");
        await UntilMarkedAsync("started");
        ClusterProcess.Signal(workers["worker/2"], SigKill);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => download);
        Assert.StartsWith("PeerGone", error.Message, StringComparison.Ordinal);

        // A sender that writes: another worker's listener reads.
        await File.WriteAllTextAsync(_marker, "");
        await cluster.CommandAsync($"pass-on 0 1 {_marker}");
        await UntilMarkedAsync("started");
        ClusterProcess.Signal(workers["worker/0"], SigKill);
        await UntilMarkedAsync("failed");
        Assert.Matches("^started\nfailed (PeerGone|TaskCanceledException|OperationCanceledException)\n$", await File.ReadAllTextAsync(_marker));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Pipes)]
    public async Task A_reader_that_leaves_early_ends_a_listener_in_another_process(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);

        Assert.InRange(long.Parse(await cluster.CommandAsync($"download 0 {long.MaxValue} {_marker} 1000000"), null), 1_000_000, 1_016_384);

        await UntilMarkedAsync("failed OperationCanceledException", "failed TaskCanceledException");
        Assert.Equal("12345678", await cluster.CommandAsync($"download 0 12345678 {_marker}"));
    }

    [GeneratedRegex(@"^pid=(\d+) bytes=(\d+) same=True most=(\d+) heap=(\d+) own-heap=(\d+)$")]
    private static partial Regex ResultPattern();

    private static async Task<Dictionary<string, int>> ReadyAsync(ClusterProcess cluster)
    {
        await cluster.WaitForLineAsync(l => l.EndsWith("is ready", StringComparison.Ordinal) && l.StartsWith("supervisor", StringComparison.Ordinal));
        return await cluster.WorkersAsync();
    }

    private Task UntilMarkedAsync(params string[] texts) => ClusterProcess.UntilAsync(
        () => File.ReadAllText(_marker) is var marks && texts.Any(t => marks.Contains(t, StringComparison.Ordinal)), string.Join(" or ", texts));
}
