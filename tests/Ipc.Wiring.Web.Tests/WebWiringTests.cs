using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ipc.Wiring.Web.Tests;

/// <summary>A web program's call also says how its workers keep away from the port.</summary>
public sealed class WebWiringTests
{
    [Fact]
    public async Task Workers_of_a_web_program_get_a_server_that_opens_no_port()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.AddIpcWorkers();
        ServiceDescriptor descriptor = Assert.Single(builder.Services, d => d.ServiceType == typeof(IpcRegistration));
        Dispatch.IpcWiringOptions wiring = Assert.Single(((IpcRegistration)descriptor.ImplementationInstance!).Wirings);
        Assert.NotNull(wiring.WorkerServices);

        // What a worker does: the same program with the services that the emitted code names, registered last.
        WebApplicationBuilder worker = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        wiring.WorkerServices(worker.Services);
        await using WebApplication app = worker.Build();
        app.MapGet("/", () => Results.Ok());
        app.Urls.Add("http://127.0.0.1:1");
        await app.StartAsync();
        Assert.Empty(app.Urls);
        Assert.Equal("ClosedServer", app.Services.GetRequiredService<IServer>().GetType().Name.Split("__")[^1]);
        await app.StopAsync();
    }

    [Fact]
    public async Task A_server_that_is_registered_after_the_call_stops_the_worker_before_it_opens_a_port()
    {
        WebApplicationBuilder worker = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.AddIpcWorkers();
        ServiceDescriptor descriptor = Assert.Single(builder.Services, d => d.ServiceType == typeof(IpcRegistration));
        Assert.Single(((IpcRegistration)descriptor.ImplementationInstance!).Wirings).WorkerServices!(worker.Services);
        worker.WebHost.UseKestrel();
        await using WebApplication app = worker.Build();

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());

        Assert.Contains("before AddIpcWorkers()", error.Message, StringComparison.Ordinal);
        Assert.Empty(app.Urls);
    }
}
