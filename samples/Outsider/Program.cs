using Ipc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outsider;

// Joins a running Quickstart, which knows nothing of this program: `dotnet run --project samples/Quickstart` in another terminal.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.Services.AddSingleton(new VisitOptions(Once: args.Contains("--once")));
builder.Services.AddSingleton<Answered>();
builder.Services.AddHostedService<Visit>();

builder.AddIpcClient(options =>
{
    options.Endpoint ??= "quickstart";
    options.Name ??= "outsider";
});

await builder.Build().RunAsync();
