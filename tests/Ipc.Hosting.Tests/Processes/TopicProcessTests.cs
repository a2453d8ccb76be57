using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Topics between real processes, and kill -9 of one that has subscribed.</summary>
public sealed class TopicProcessTests : IDisposable
{
    private const int SigKill = 9;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task News_cross_processes_and_subscriptions_of_the_run_time_end_with_theirs()
    {
        string file = Path.Combine(_folder.FullName, "news");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        (int supervisor, int first, int second) = (cluster.ProcessId, workers["worker/0"], workers["worker/1"]);
        Assert.Equal(3, new[] { supervisor, first, second }.Distinct().Count());

        // Each is published by somebody who has been told of the subscription.
        Assert.Equal("2", await cluster.CommandAsync($"publish supervisor news.today {file} a"));
        Assert.Equal($"{second}", await cluster.CommandAsync("subscribe 1 rooms.>"));
        Assert.Equal("1", await cluster.CommandAsync($"publish 0 rooms.1.door {file} b"));
        Assert.Equal($"{supervisor}", await cluster.CommandAsync("subscribe supervisor rooms.*.door"));
        Assert.Equal("2", await cluster.CommandAsync($"publish 0 rooms.1.door {file} c"));
        await UntilAsync($"{first} news.today a", $"{second} news.today a", $"{second} rooms.1.door b", $"{second} rooms.1.door c", $"{supervisor} rooms.1.door c");

        ClusterProcess.Signal(second, SigKill);
        await cluster.WaitForLineAsync(l => l.Contains("worker/1#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));

        Assert.Equal("2", await cluster.CommandAsync($"publish 0 news.today {file} d")); // the successor is the same program
        Assert.Equal("1", await cluster.CommandAsync($"publish 0 rooms.1.door {file} e")); // and has said nothing else
        int successor = (await cluster.WorkersAsync())["worker/1"];
        Assert.NotEqual(second, successor);
        await UntilAsync(
            $"{first} news.today a", $"{second} news.today a", $"{second} rooms.1.door b", $"{second} rooms.1.door c", $"{supervisor} rooms.1.door c",
            $"{first} news.today d", $"{successor} news.today d", $"{supervisor} rooms.1.door e");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_job_of_a_queue_is_given_to_another_process_when_its_own_is_killed_and_set_aside_when_it_kills_all(string option)
    {
        string file = Path.Combine(_folder.FullName, "jobs");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", option);
        int[] workers = [.. (await cluster.WorkersAsync()).Values];
        Assert.Equal("1", await cluster.CommandAsync($"job {file} 1 block-once"));
        await ClusterProcess.UntilAsync(() => Lines().Length == 1, "the job runs");
        int killed = int.Parse(Lines()[0].Split(' ')[^1], null);
        Assert.Contains(killed, workers);
        int other = workers.Single(w => w != killed);
        ClusterProcess.Signal(killed, SigKill);

        await UntilAsync($"1 delivery 1 in {killed}", $"1 delivery 2 in {other}");
        if (option.Length > 0)
        {
            return;
        }

        Assert.Equal("1", await cluster.CommandAsync($"job {file} 2 die"));
        await ClusterProcess.UntilAsync(() => Lines().Any(l => l.StartsWith("2 dead", StringComparison.Ordinal)), "it is set aside");

        string[] deaths = [.. Lines().Where(l => l.StartsWith("2 delivery", StringComparison.Ordinal)).Order()];
        Assert.Equal(["2 delivery 1", "2 delivery 2", "2 delivery 3"], deaths.Select(l => l[..12]));
        Assert.Equal(3, deaths.Select(l => l.Split(' ')[^1]).Distinct().Count());
        Assert.StartsWith("2 dead: MaxDeliveries queue:crew:jobs.* from supervisor after 3 in ", Lines().Single(l => l.StartsWith("2 dead", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("1", await cluster.CommandAsync($"job {file} 3 run"));
        await ClusterProcess.UntilAsync(() => Lines().Any(l => l.StartsWith("3 delivery 1", StringComparison.Ordinal)), "the next one runs");
    }

    private string[] Lines() => [.. _folder.GetFiles().SelectMany(f => File.ReadAllLines(f.FullName))];

    /// <summary>Waits until the processes have written exactly these lines.</summary>
    private Task UntilAsync(params string[] lines) =>
        ClusterProcess.UntilAsync(() => Lines().Order().SequenceEqual(lines.Order()), string.Join(", ", lines));
}
