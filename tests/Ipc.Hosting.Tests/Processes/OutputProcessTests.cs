using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What a person sees of what real workers print.</summary>
public sealed class OutputProcessTests
{
    [Fact]
    public async Task Workers_lines_and_log_records_come_with_group_and_id_or_as_they_are()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:Groups:raw:Count=1", "--Ipc:Groups:raw:Output=PassThrough");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Assert.Equal(4, workers.Values.Append(cluster.ProcessId).Distinct().Count());

        await cluster.CommandAsync("say 1 log a record");
        await cluster.CommandAsync("say 1 print a line");
        await cluster.CommandAsync("say 1 error an error");
        await cluster.CommandAsync("say raw/0 print a raw line");
        await cluster.CommandAsync("say raw/0 log a raw record");

        Assert.Equal("warn: Ipc.Hosting.TestApp.SayListener[7]", await cluster.LineBeforeAsync("      worker/1: a record"));
        Assert.Equal("info: Ipc.Output[130]", await cluster.LineBeforeAsync("      worker/1: a line"));
        Assert.Equal("warn: Ipc.Output[131]", await cluster.LineBeforeAsync("      worker/1: an error"));
        await cluster.WaitForLineAsync(l => l == "a raw line");
        Assert.Equal("warn: Ipc.Hosting.TestApp.SayListener[7]", await cluster.LineBeforeAsync("      a raw record"));

        // Without a line feed, then kill -9: not before the records are there, which a logger's own queue would take along.
        await cluster.CommandAsync("say 1 last its last words");
        Assert.Equal("info: Ipc.Output[130]", await cluster.LineBeforeAsync("      worker/1: its last words"));
    }
}
