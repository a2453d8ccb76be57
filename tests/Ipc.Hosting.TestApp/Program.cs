using Ipc;
using Ipc.Hosting.TestApp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (args.Contains("client"))
{
    HostApplicationBuilder clientBuilder = Host.CreateApplicationBuilder(args);
    clientBuilder.AddIpcClient();
    await clientBuilder.Build().RunAsync();
    return;
}

// A cluster that a test drives line by line: commands on the supervisor's standard input, answers on its standard output.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddHealthChecks().AddIpcWorkers();
IpcWorkersBuilder cluster = builder.AddIpcWorkers()
    .OnSupervisor(services =>
    {
        services.AddHostedService<CommandLoop>();
        services.AddIpcProxy<IWorkshop>(Target.Worker(0));
        if (args.Contains("stuck"))
        {
            services.AddHostedService<StuckService>();
        }

        if (args.Contains("slow-start"))
        {
            services.AddHostedService<SlowStartService>();
        }
    })
    .OnWorkers(services => services.AddSingleton(new WorkerOnly("all")).AddIpcService<IWorkshop, Workshop>().AddIpcService<IArithmetic, Arithmetic>())
    .BeforeWorkers((_, _) =>
    {
        Console.WriteLine($"before workers in {Environment.ProcessId}");
        return Task.CompletedTask;
    });

if (args.Contains("--Ipc:Groups:task:Count=1"))
{
    cluster.OnWorkers("task", services => services.AddSingleton(new WorkerOnly("task")));
}

if (builder.Configuration["ready-when"] is not null)
{
    cluster.OnWorkers("cache", services => services.AddHostedService<ReadyWhenFileExists>());
}

if (args.Contains("failing-service"))
{
    // Of the group "early" the start goes on when it fails, and is interrupted.
    cluster.OnWorkers("early", services => services.AddHostedService<FailingService>().AddHostedService<SlowStartService>());
    cluster.OnWorkers("late", services => services.AddHostedService<FailingService>());
}

if (args.Contains("filter"))
{
    builder.Services.AddScoped<IListenerFilter, PassingFilter>();
}

using IHost host = builder.Build();
if (host.IsIpcWorker())
{
    Console.WriteLine($"worker process {Environment.ProcessId}");
}

IMessageSender? last = args.Contains("last-word") ? host.Services.GetRequiredService<IMessageSender>() : null;
CommandLoop? commands = host.Services.GetServices<IHostedService>().OfType<CommandLoop>().FirstOrDefault();
await host.RunAsync();
if (commands?.Load is { } load)
{
    Console.WriteLine($"load ended: {await load.StopAsync()}");
}

if (last is not null)
{
    try
    {
        await last.SendAsync(new Append("", "", 0));
    }
    catch (IpcException e)
    {
        Console.WriteLine($"last word: {e.Reason} {e.Message}");
    }
}
