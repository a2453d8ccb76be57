using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What a death, or a stop, of a real process costs: the same tests over both transports.</summary>
public abstract partial class SurvivalTests
{
    private const int SigKill = 9;
    private const int SigCont = 18;

    /// <summary>What decides the transport.</summary>
    protected abstract string Option { get; }

    /// <summary>Whether what waits outlives the process.</summary>
    protected abstract bool KeepsInboxes { get; }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_worker_killed_under_load_costs_only_what_was_running(int seed)
    {
        const int Sent = 600;
        using var file = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", Option);
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEqual(cluster.ProcessId, worker);
        int killAfter = new Random(seed).Next(1, 200);
        await cluster.CommandAsync($"append 0 {file.Path} 0 {Sent} 8"); // returns when all are accepted; at 8 ms each a busy machine still kills in time
        await ClusterProcess.UntilAsync(() => file.Count >= killAfter, "some are handled");

        ClusterProcess.Signal(worker, SigKill);
        await ClusterProcess.UntilAsync(() => !ClusterProcess.IsAlive(worker), "it is dead");
        int before = file.Count;
        Assert.True(Sent - before >= 100, $"only {Sent - before} were unread");

        await WhenSucceededAsync(cluster);
        await cluster.CommandAsync($"append 0 {file.Path} {Sent} 1 0");
        await ClusterProcess.UntilAsync(() => file.Count > 0 && file.Numbers()[^1] == Sent, "the last one is handled by the successor");
        int[] handled = file.Numbers();
        AssertInOrderOnce(handled);
        int missing = Sent + 1 - handled.Length;
        if (KeepsInboxes)
        {
            Assert.InRange(missing, 0, 1); // the one that was running
            Assert.Equal(1, await LostAsync(cluster, 1));
        }
        else
        {
            Assert.True(await LostAsync(cluster, missing) >= missing);
        }
    }

    [Fact]
    public async Task While_a_listener_blocks_what_waits_for_it_and_for_another_one_survives_its_process()
    {
        int each = KeepsInboxes ? 501 : 251; // of each: a pipe and its reader hold no more than that unread
        using var blocked = new LinesFile();
        using var busy = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", Option);
        int worker = (await cluster.WorkersAsync())["worker/0"];
        await cluster.CommandAsync($"pile 0 {blocked.Path} {busy.Path} {each}");
        await ClusterProcess.UntilAsync(() => blocked.Count == 1 && busy.Count == 1, "both listeners have started with their first");

        ClusterProcess.Signal(worker, SigKill);
        await WhenSucceededAsync(cluster);

        if (KeepsInboxes)
        {
            await ClusterProcess.UntilAsync(() => blocked.Count >= each && busy.Count >= each, "the successor handles all that waited");
            Assert.Equal(Enumerable.Range(0, each), blocked.Numbers());
            Assert.Equal(Enumerable.Range(0, each), busy.Numbers());
            Assert.Equal(2, await LostAsync(cluster, 2)); // the two that ran
        }
        else
        {
            Assert.True(await LostAsync(cluster, 2 * each) >= 2 * each);
            Assert.Equal((1, 1), (blocked.Count, busy.Count));
        }
    }

    [Fact]
    public async Task A_stopped_worker_loses_nothing_and_holds_up_only_who_waits_for_room_in_its_inbox()
    {
        using var file = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", Option, "--Ipc:SendTimeout=00:00:02");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        await cluster.CommandAsync("ask 0");
        await ClusterProcess.SuspendAsync(workers["worker/0"]);

        Task<string> flood = cluster.CommandAsync($"flood 0 {file.Path} 3000 1000");
        for (int i = 0; i < 5; i++)
        {
            Assert.StartsWith("worker/1#1 ", await cluster.CommandAsync("ask 1"), StringComparison.Ordinal); // the other goes on
        }

        (int accepted, int slowest, string failed) = ParseFlood(await flood);
        Assert.InRange(accepted, 100, 2999);
        Assert.Equal($"InboxFull={3000 - accepted}", failed);
        Assert.InRange(slowest, 1900, 13_000); // SendTimeout, and what a machine with other work adds

        Assert.Equal(0, file.Count);
        ClusterProcess.Signal(workers["worker/0"], SigCont);
        await ClusterProcess.UntilAsync(() => file.Count == accepted, "all that were accepted are handled");
        Assert.StartsWith("worker/0#1 ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);
        AssertInOrderOnce(file.Numbers());
        Assert.Equal(accepted, file.Count);
    }

    [Fact]
    public async Task Every_send_to_a_worker_that_is_killed_meanwhile_completes_or_throws_and_what_was_accepted_is_handled_or_reported()
    {
        using var file = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", Option, "--Ipc:SendTimeout=00:00:20");
        int worker = (await cluster.WorkersAsync())["worker/0"];
        await cluster.CommandAsync("ask 0");
        await ClusterProcess.SuspendAsync(worker); // so that its inbox is full when it dies
        Task<string> flood = cluster.CommandAsync($"flood 0 {file.Path} 3000 1000");
        await cluster.CommandAsync("echo"); // a command behind it: the senders wait
        Assert.False(flood.IsCompleted);
        ClusterProcess.Signal(worker, SigKill);

        (int accepted, int slowest, string failed) = ParseFlood(await flood);
        Assert.InRange(slowest, 1, 31_000);
        if (KeepsInboxes)
        {
            Assert.Equal((3000, ""), (accepted, failed)); // the successor made room in time
            await ClusterProcess.UntilAsync(() => file.Count >= 3000, "the successor handles them");
            Assert.Equal(Enumerable.Range(0, 3000), file.Numbers());
        }
        else
        {
            await WhenSucceededAsync(cluster);
            int last = -1;
            await ClusterProcess.UntilAsync(() => last == (last = file.Count) && last + Reported(cluster) >= accepted, "all are handled or reported");
            Assert.Equal(file.Numbers().Distinct().Count(), file.Count);
        }
    }

    [Fact]
    public async Task A_request_that_ran_fails_as_soon_as_the_exit_is_known_and_those_that_waited_are_the_successors()
    {
        string marker = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", Option);
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Task<string> requests = cluster.CommandAsync($"queue 0 {marker} 50");
        await ClusterProcess.UntilAsync(() => File.ReadAllText(marker).Contains("started", StringComparison.Ordinal), "the first has started");
        await cluster.WaitForLineAsync(l => l == "queued"); // the others are in the worker's inbox

        ClusterProcess.Signal(worker, SigKill);

        Match result = QueuePattern().Match(await requests);
        Assert.True(result.Success);
        Assert.Equal("PeerGone", result.Groups["first"].Value);
        double after = double.Parse(result.Groups["after"].Value, CultureInfo.InvariantCulture);
        Console.WriteLine($"{GetType().Name}: PeerGone {after} ms after the exit was known");
        Assert.InRange(after, 0, 2000); // usually below 10 ms: the rest is for a machine with other work
        Assert.Equal(KeepsInboxes ? "slept=50" : "PeerGone=50", result.Groups["others"].Value);
        File.Delete(marker);
    }

    [Fact]
    public async Task A_killed_supervisor_leaves_no_process_and_no_memory_and_its_endpoint_is_free_at_once()
    {
        string endpoint = $"survival-{Environment.ProcessId}-{GetType().Name}";
        await using ClusterProcess first = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", Option, $"--Ipc:Endpoint={endpoint}");
        Dictionary<string, int> workers = await first.WorkersAsync();
        await first.CommandAsync("relay 0 1");
        string[] segments = SharedSegments(first.ProcessId);
        Assert.Equal(KeepsInboxes, segments.Length != 0);

        ClusterProcess.Signal(first.ProcessId, SigKill);
        await using ClusterProcess second = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", Option, $"--Ipc:Endpoint={endpoint}");
        Assert.StartsWith("worker/1#1 ", await second.CommandAsync("relay 0 1"), StringComparison.Ordinal);
        Assert.DoesNotContain(workers.Values, ClusterProcess.IsAlive);
        Assert.Empty(Directory.GetDirectories("/proc").SelectMany(p => int.TryParse(Path.GetFileName(p), out int id) ? SharedSegments(id) : []).Intersect(segments));
    }

    private static void AssertInOrderOnce(int[] numbers)
    {
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(numbers.Distinct().Count(), numbers.Length);
    }

    private static async Task WhenSucceededAsync(ClusterProcess cluster) =>
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));

    private static (int Accepted, int Slowest, string Failed) ParseFlood(string answer)
    {
        Match match = FloodPattern().Match(answer);
        Assert.True(match.Success, answer);
        return (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[3].Value.Trim());
    }

    private static async Task<int> LostAsync(ClusterProcess cluster, int atLeast)
    {
        await ClusterProcess.UntilAsync(() => Reported(cluster) >= atLeast, $"{atLeast} are reported as lost, {Reported(cluster)} were");
        return Reported(cluster);
    }

    private static int Reported(ClusterProcess cluster) => LostPattern().Matches(cluster.Output).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    /// <summary>The inodes of the shared memory that a process has mapped: memory of this library only.</summary>
    private static string[] SharedSegments(int processId)
    {
        try
        {
            return [.. File.ReadAllLines($"/proc/{processId}/maps").Where(l => l.Contains("/memfd:ipc-", StringComparison.Ordinal))
                .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]).Distinct()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it has ended
        }
    }

    [GeneratedRegex(@"^accepted=(\d+) slowest=(\d+) ?(.*)$")]
    private static partial Regex FloodPattern();

    [GeneratedRegex(@"^(?<first>\S+) after=(?<after>\S+) (?<others>.*)$")]
    private static partial Regex QueuePattern();

    [GeneratedRegex(@"Messages for worker/0#1 were lost: (\d+) ")]
    private static partial Regex LostPattern();
}
