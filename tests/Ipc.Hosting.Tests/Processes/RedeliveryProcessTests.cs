using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Real workers that die over a message whose listener asks for redelivery.</summary>
public sealed class RedeliveryProcessTests
{
    private const int SigKill = 9;

    [Theory]
    [InlineData("block-once")]
    [InlineData("wait-once")]
    [InlineData("die-once")]
    public async Task A_message_that_was_running_in_a_killed_worker_is_given_to_the_successor_again_with_its_count_and_before_those_behind_it(string how)
    {
        string file = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2");
        int worker = (await cluster.WorkersAsync())["worker/0"];
        await cluster.CommandAsync($"fragile 0 {file} 1 {how}");
        await ClusterProcess.UntilAsync(() => Lines(file).Length == 1, "the listener runs");
        if (how != "die-once")
        {
            await cluster.CommandAsync($"fragile 0 {file} 2 run");
            await cluster.CommandAsync($"fragile 0 {file} 3 run");
            ClusterProcess.Signal(worker, SigKill);
        }
        else
        {
            await cluster.WaitForLineAsync(l => l.Contains("worker/0#1", StringComparison.Ordinal) && l.Contains("SIGKILL", StringComparison.Ordinal));
            await cluster.CommandAsync($"fragile 0 {file} 2 run");
            await cluster.CommandAsync($"fragile 0 {file} 3 run");
        }

        await ClusterProcess.UntilAsync(() => Lines(file).Length >= 4, "the successor has run all three");
        Assert.Equal(["1 delivery 1 in 1", "1 delivery 2 in 2", "2 delivery 1 in 2", "3 delivery 1 in 2"], Lines(file));
        Assert.DoesNotContain($"pid={worker} ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_message_that_kills_every_worker_is_set_aside_after_MaxDeliveries_and_the_next_one_runs()
    {
        string file = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1");
        await cluster.CommandAsync($"fragile 0 {file} 1 die");
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#1", StringComparison.Ordinal) && l.Contains("SIGKILL", StringComparison.Ordinal));
        await cluster.CommandAsync($"fragile 0 {file} 2 run");

        await ClusterProcess.UntilAsync(() => Lines(file).Length >= 5, "it is set aside, and the next one has run");

        string[] lines = Lines(file);
        Assert.Equal(["1 delivery 1 in 1", "1 delivery 2 in 2", "1 delivery 3 in 3"], lines[..3]);
        Assert.Equal(["1 dead: MaxDeliveries app.fragile from supervisor after 3 in 4", "2 delivery 1 in 4"], lines[3..].Order());
        await cluster.WaitForLineAsync(l => l.Contains("\"app.fragile\" from supervisor was set aside: its listener was started 3 times in processes that died", StringComparison.Ordinal));
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_message_whose_listener_does_not_ask_for_it_is_reported_as_lost_and_does_not_come_again()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1");
        await cluster.CommandAsync("end 0 kill");

        await cluster.WaitForLineAsync(l => l.Contains("Messages for worker/0#1 were lost: 1 (sender supervisor, action app.end)", StringComparison.Ordinal));
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));
        Assert.StartsWith("worker/0#2 ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal); // behind it, were it to come again
    }

    [Fact]
    public async Task Over_a_pipe_a_message_that_was_running_in_a_killed_worker_is_reported_as_lost_even_if_its_listener_asks_for_it()
    {
        string file = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:SharedMemoryLimit=0");
        await cluster.CommandAsync($"fragile 0 {file} 1 die-once");

        await cluster.WaitForLineAsync(l => l.Contains("Messages for worker/0#1 were lost: 1 ", StringComparison.Ordinal));
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));
        await cluster.CommandAsync($"fragile 0 {file} 2 run");
        await ClusterProcess.UntilAsync(() => Lines(file).Length >= 2, "the next one has run");
        Assert.Equal(["1 delivery 1 in 1", "2 delivery 1 in 2"], Lines(file));
        File.Delete(file);
    }

    private static string[] Lines(string file) => File.ReadAllLines(file);
}
