using System.Diagnostics;
using Ipc.Hosting.Tests.Clients;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What the deaths of real processes mean to clients, and a client's own to the others.</summary>
public sealed class ClientProcessTests
{
    private const int SigKill = 9;

    [Fact]
    public async Task A_client_outlives_a_worker_and_a_supervisor_that_are_killed_and_goes_on_with_their_successors()
    {
        using var folder = new EndpointFolder();
        using var marker = new LinesFile();
        await using ClientHost client = ClientHost.Build(folder, "outsider");
        await client.StartAsync();
        var who = new OutsideWho();
        string[] options = ["--Ipc:Workers:Count=1", $"--Ipc:Endpoint={folder.Endpoint}", "--Ipc:Clients:Enabled=true", $"--Ipc:Clients:Folder={folder.Path}"];
        ClusterProcess cluster = await ClusterProcess.StartAsync(options);
        await client.WhenConnectedAsync();
        OutsideIdentity first = await client.Sender.RequestAsync(who, Target.Worker(0));
        Assert.Equal(3, new HashSet<int> { Environment.ProcessId, cluster.ProcessId, first.ProcessId }.Count);
        Assert.Equal(cluster.ProcessId, first.ParentId);

        Task<string> running = client.Sender.RequestAsync(new OutsideSleep(60_000, marker.Path), Target.Worker(0)).AsTask();
        await ClusterProcess.UntilAsync(() => File.Exists(marker.Path) && new FileInfo(marker.Path).Length > 0, "its listener has started");
        ClusterProcess.Signal(first.ProcessId, SigKill);
        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => running)).Reason);
        OutsideIdentity second = await client.Sender.RequestAsync(who, Target.Worker(0));
        Assert.Equal((2, cluster.ProcessId), (second.Incarnation, second.ParentId));
        Assert.NotEqual(first.ProcessId, second.ProcessId);

        Task<string> lost = client.Sender.RequestAsync(new OutsideSleep(60_000, ""), Target.Worker(0)).AsTask();
        ClusterProcess.Signal(cluster.ProcessId, SigKill);
        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => lost)).Reason);
        Assert.True(File.Exists(folder.Access.SocketPath)); // nobody has removed it
        await ClusterProcess.UntilAsync(() => client.Peer.Absence is not null, "the client knows that it is not connected");
        Task<OutsideIdentity> waiting = client.Sender.RequestAsync(who, Target.Worker(0)).AsTask();
        await using ClusterProcess next = await ClusterProcess.StartAsync(options);
        OutsideIdentity third = await waiting;
        Assert.Equal((1, next.ProcessId), (third.Incarnation, third.ParentId));
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_is_killed_costs_what_it_was_asked_and_is_no_target_any_more()
    {
        using var folder = new EndpointFolder();
        using var marker = new LinesFile();
        await using ClientHost host = await ClientHost.StartAsync(folder, "host", hosts: true);
        await using ClusterProcess victim = ClusterProcess.StartWithoutWaiting(
            "dotnet", [ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "client", "--Ipc:Name=victim", $"--Ipc:Endpoint={folder.Endpoint}", $"--Ipc:Folder={folder.Path}"], Without);
        await ClusterProcess.UntilAsync(() => host.Peer.Running!.Transport.Directory.GetClients("victim").Count == 1, $"the other has joined. {victim.Output}");
        OutsideIdentity identity = await host.Sender.RequestAsync(new OutsideWho(), Target.Client("victim"));
        Assert.Equal(victim.ProcessId, identity.ProcessId);
        Assert.NotEqual(Environment.ProcessId, identity.ProcessId);

        Task<string> running = host.Sender.RequestAsync(new OutsideSleep(60_000, marker.Path), Target.Client("victim")).AsTask();
        await ClusterProcess.UntilAsync(() => File.Exists(marker.Path) && new FileInfo(marker.Path).Length > 0, "its listener has started");
        ClusterProcess.Signal(victim.ProcessId, SigKill);
        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => running)).Reason);
        await ClusterProcess.UntilAsync(() => host.Presence.Contains("-client victim#2"), "its end is told");
        Assert.Equal(IpcError.NoSuchTarget, (await Assert.ThrowsAsync<IpcException>(async () => await host.Sender.RequestAsync(new OutsideWho(), Target.Client("victim")))).Reason);

        static void Without(ProcessStartInfo info) => info.Environment.Remove("Ipc__Workers__HangTimeout"); // no option of a client
    }
}
