using Ipc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IpcWorker._1.Tests;

/// <summary>The whole cluster in the test's own process: fast, and a debugger sees everything.</summary>
public sealed class GreetListenerTests
{
    [Fact]
    public async Task A_worker_greets()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Ipc:Mode"] = "InProcess", ["Ipc:Workers:Count"] = "2" });
        builder.AddCluster();
        using IHost host = builder.Build();
        await host.StartAsync();

        IMessageSender sender = host.Services.GetRequiredService<IMessageSender>();
        Greeting greeting = await sender.RequestAsync(new Greet("test"), Target.Worker(1));

        Assert.Equal(("Hello, test!", 1), (greeting.Text, greeting.WorkerId));
        await host.StopAsync();
    }
}
