using Ipc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quickstart;

// This file runs in the supervisor, the process that you start, and again in every worker that the supervisor starts.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
var result = new StoryResult();
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

builder.Services.AddSingleton(new StoryOptions(Once: args.Contains("--once")));
builder.Services.AddSingleton(result);
builder.Services.AddSingleton<Answers>();
builder.Services.AddSingleton<Narrator>();

// One call makes the cluster. The listeners are found by the source generator; nothing has to be registered for them.
builder.AddIpcWorkers(options => options.Workers.Count = 2)
    .OnSupervisor(services => services.AddHostedService<Story>());

await builder.Build().RunAsync();
return result.Failed ? 1 : 0;
