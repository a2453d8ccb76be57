using Ipc;
using Ipc.Chaos.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// The cluster that the chaos program torments. Supervisor and workers send to each other until the file "stop" appears; each writes what it does to a file of its own.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true);
builder.Services.AddSingleton<LedgerFile>();
builder.AddIpcWorkers()
    .OnSupervisor(services => services.AddHostedService<SendingService>())
    .OnWorkers(services => services.AddHostedService<SendingService>().AddHostedService<GarblingService>());
await builder.Build().RunAsync();
