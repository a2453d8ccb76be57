using IpcWorker._1;
using Microsoft.Extensions.Hosting;

// Runs in the supervisor, the process that you start, and in every worker that it starts.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddCluster();

await builder.Build().RunAsync();
