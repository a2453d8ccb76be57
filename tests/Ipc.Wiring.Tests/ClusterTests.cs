using System.Threading.Channels;
using Ipc.Wiring.Library;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ipc.Wiring.Tests;

/// <summary>One cluster in one process, from the call to a listener's answer.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Listeners_of_the_program_and_of_its_libraries_answer()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(new Greeting("hello"));
        builder.AddIpcWorkersInProcess(o => o.Workers.Count = 2);
        using IHost host = builder.Build();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await host.StartAsync(deadline.Token);
        var sender = host.Services.GetRequiredService<IMessageSender>();

        Assert.Equal(42, await sender.RequestAsync<int, int>("own", 41, cancellationToken: deadline.Token));
        Assert.Equal("internal: a", await sender.RequestAsync<string, string>("library.internal", "a", cancellationToken: deadline.Token));
        Assert.Equal("hello: b", await sender.RequestAsync<string, string>("library.nested.again", "b", Target.Worker(1), cancellationToken: deadline.Token));

        await host.StopAsync(deadline.Token);
    }

    [Fact]
    public async Task Listeners_of_one_event_run_in_the_order_of_their_priorities()
    {
        var seen = Channel.CreateUnbounded<string>();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(seen);
        builder.AddIpcWorkersInProcess(o => o.Workers.Count = 1);
        using IHost host = builder.Build();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await host.StartAsync(deadline.Token);

        await host.Services.GetRequiredService<IMessageSender>().SendAsync("ordered", "x", cancellationToken: deadline.Token);

        // The order of the names is another one than that of the priorities.
        Assert.Equal("LastByName", await seen.Reader.ReadAsync(deadline.Token));
        Assert.Equal("Alphabetical", await seen.Reader.ReadAsync(deadline.Token));
        Assert.Equal("Between", await seen.Reader.ReadAsync(deadline.Token));
        Assert.Equal("Belated", await seen.Reader.ReadAsync(deadline.Token));
        await host.StopAsync(deadline.Token);
    }
}
