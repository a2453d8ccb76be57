using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ipc.Hosting.Tests.Clients;

/// <summary>Endpoints without a cluster, between plain programs.</summary>
public sealed class EndpointTests
{
    [Fact]
    public async Task A_program_that_makes_an_endpoint_and_one_that_joins_it_talk()
    {
        using var folder = new EndpointFolder();
        await using ClientHost host = await ClientHost.StartAsync(folder, "host", hosts: true);
        await using ClientHost guest = await ClientHost.StartAsync(folder, "guest");

        Assert.Equal("client host#1 heard hello from client guest#2", await guest.Sender.RequestAsync(new ClientAsk("hello"), Target.Client("host")));
        Assert.Equal("client guest#2 heard hello from client host#1", await host.Sender.RequestAsync(new ClientAsk("hello"), Target.Client("guest")));
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await guest.Sender.SendAsync(new ClientNote("x")));
        Assert.Contains("Target.Clients()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_program_that_makes_the_same_endpoint_does_not_start_and_names_the_first()
    {
        using var folder = new EndpointFolder();
        await using ClientHost first = await ClientHost.StartAsync(folder, "first", hosts: true);
        await using ClientHost second = ClientHost.Build(folder, "second", hosts: true);

        IOException error = await Assert.ThrowsAsync<IOException>(second.StartAsync);
        Assert.Equal($"Ipc:Endpoint is \"{folder.Endpoint}\", and process {Environment.ProcessId} has the endpoint of that name. Stop it first, or choose another name.", error.Message);
    }

    [Fact]
    public async Task The_first_that_may_makes_the_endpoint_and_another_takes_it_over_when_it_leaves()
    {
        using var folder = new EndpointFolder();
        ClientHost[] clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => ClientHost.StartAsync(folder, $"c{i}", o => o.HostIfAbsent = true)));
        foreach (ClientHost client in clients)
        {
            await client.WhenConnectedAsync();
        }

        ClientHost hosting = Assert.Single(clients, Hosts);
        ClientHost[] others = [.. clients.Where(c => c != hosting)];
        Assert.StartsWith("client c", await others[0].Sender.RequestAsync(new ClientAsk("x"), Target.Client($"c{Array.IndexOf(clients, others[1])}")), StringComparison.Ordinal);

        await hosting.DisposeAsync();
        string second = $"c{Array.IndexOf(clients, others[1])}";
        await Processes.ClusterProcess.UntilAsync(() => others.Count(Hosts) == 1, "one of the others has made the endpoint");
        await Processes.ClusterProcess.UntilAsync(
            () => others[0].Peer.Running?.Transport.Directory.GetClients(second) is { Count: 1 }, "the others have found each other again");
        Assert.Contains($"client {second}#", await others[0].Sender.RequestAsync(new ClientAsk("again"), Target.Client(second)), StringComparison.Ordinal);
        foreach (ClientHost client in others)
        {
            await client.DisposeAsync();
        }

        Assert.False(File.Exists(folder.Access.SocketPath));

        static bool Hosts(ClientHost client) => client.Log.Lines.Any(line => line.Contains("This process has the endpoint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_that_cannot_be_made_says_why_and_is_tried_again()
    {
        using var folder = new EndpointFolder();
        Directory.CreateDirectory(folder.Path);
        Open(true);
        await using ClientHost client = await ClientHost.StartAsync(folder, "host", o => o.HostIfAbsent = true);
        Assert.Contains(client.Log.Lines, line => line.Contains("Not connected, tried again: Others may write to the endpoint's folder", StringComparison.Ordinal));

        Open(false);
        await client.WhenConnectedAsync();

        void Open(bool toOthers)
        {
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | (toOthers ? UnixFileMode.OtherWrite : 0));
            }
        }
    }

    [Fact]
    public void A_cluster_and_a_client_in_one_container_are_refused_with_what_to_do()
    {
        var services = new ServiceCollection();
        services.AddIpcClient(o => o.Endpoint = "shop");
        Assert.Contains("Give the client a host of its own", Assert.Throws<InvalidOperationException>(() => services.AddIpcWorkers()).Message, StringComparison.Ordinal);

        services = new ServiceCollection();
        services.AddIpcWorkers();
        Assert.Throws<InvalidOperationException>(() => services.AddIpcClient(o => o.Endpoint = "shop"));
    }

    [Fact]
    public async Task The_section_of_a_client_has_its_own_names_and_those_of_a_cluster_are_mistakes()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("Ipc:Endpoint", "shop"), new("Ipc:Name", "importer"), new("Ipc:Workers:Count", "2"), new("Ipc:HostIfAbsent", "perhaps")]);
        builder.AddIpcClient();
        using IHost host = builder.Build();

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(
            [
                "Ipc:HostIfAbsent is \"perhaps\"; it must be true or false.",
                "Ipc:Workers is not an option. The options there are Name, User, Folder, HostIfAbsent, MaxReconnectDelay, Endpoint, RequestTimeout, SendTimeout, StartTimeout, StopTimeout, IncludeRemoteStackTraces, MaxMessageSize, MaxPendingMessages, SpinBudget, YieldBudget and StreamWindow.",
            ],
            error.Failures);
    }

    [Theory]
    [InlineData(null, "/tmp/x", "root", null, 256, "Ipc:Clients:Enabled needs Ipc:Endpoint: the name that clients join by.")]
    [InlineData("shop", "x", "root", null, 256, "Ipc:Clients:Folder is \"x\": The endpoint's folder is \"x\"; it has to be an absolute path. (Parameter 'folder')")]
    [InlineData("shop", "/tmp/x", "no such user", null, 256, "Ipc:Clients:Users has \"no such user\"; this machine has no such user.")]
    [InlineData("shop", "/tmp/x", "0", "no such group", 256, "Ipc:Clients:UserGroup is \"no such group\"; this machine has no such group.")]
    [InlineData("shop", "/tmp/x", "root", "root", 0, "Ipc:Clients:Max is 0; it must be from 1 to 10000.")]
    public async Task Options_of_an_endpoint_for_clients_that_cannot_work_are_named(string? endpoint, string folder, string user, string? group, int max, string message)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o =>
        {
            o.Endpoint = endpoint;
            o.Clients.Enabled = true;
            o.Clients.Folder = folder;
            o.Clients.Users.Add(user);
            o.Clients.UserGroup = group;
            o.Clients.Max = max;
        });

        Assert.Equal([message], (await Assert.ThrowsAsync<OptionsValidationException>(cluster.StartAsync)).Failures);
    }

    [Fact]
    public async Task A_cluster_in_one_process_says_that_no_client_can_join()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o =>
        {
            o.Endpoint = "shop";
            o.Clients.Enabled = true;
        });

        Assert.Contains(cluster.Log.Lines, line => line.Contains("Ipc:Clients:Enabled has no effect", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_of_a_client_that_cannot_work_are_all_named()
    {
        using var folder = new EndpointFolder();
        await using ClientHost client = ClientHost.Build(folder, "no name", o =>
        {
            o.Endpoint = null;
            o.User = "no such user";
            o.HostIfAbsent = true;
            o.MaxReconnectDelay = TimeSpan.FromMilliseconds(1);
            o.RequestTimeout = TimeSpan.Zero;
        });

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(client.StartAsync);
        Assert.Equal(
            ["Ipc:RequestTimeout", "Ipc:Endpoint", "Ipc:Name", "Ipc:User", "Ipc:HostIfAbsent", "Ipc:MaxReconnectDelay"], error.Failures.Select(f => f.Split(' ')[0]));
    }
}
