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
// Its lines are a story, so they are printed as they are, and not as log lines with the worker's name, which they have already.
builder.AddIpcWorkers(options =>
    {
        options.Workers.Count = 2;
        options.Workers.Output = IpcOutput.PassThrough;
        if (!args.Contains("--once"))
        {
            // Other programs may join, under a name that one program at a time can have; samples/Outsider does.
            options.Endpoint ??= "quickstart";
            options.Clients.Enabled = true;
        }
    })
    .OnSupervisor(services => services.AddHostedService<Story>());

await builder.Build().RunAsync();
return result.Failed ? 1 : 0;
